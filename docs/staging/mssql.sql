-- Hospital downtime: HIS staging tables, schema version 1, for SQL Server.
-- downtime inserts into dt_header, dt_line and dt_payment, all rows of an entry in one commit, in the order
-- in which things happened, and never deletes. It changes a row only when a person decided that a refused entry is
-- to be tried again: attempt goes up by one, and where the person corrected a code, patient_number, visit_number,
-- department_code, doctor_code, item_code and content_json hold what is offered now.
-- The HIS's own job takes each header without a dt_outcome row of the same attempt, in order of station,
-- incarnation, book, seq, and in one commit of its own books writes the outcome: outcome_state 'posted' with its
-- own his_reference and any number of dt_document rows ('paper_invoice' or 'e_invoice'; 'issued' or 'void'),
-- or 'refused' with a reason that a person can act on. A document that is voided later is set to 'void'; one that is
-- issued in its place is one more row.
-- entry_id is unique for ever: taking it twice is an error of the job.
-- payer_kind 'insured_pending': nothing is settled with the insurance, whatever was paid; post it unsettled and
-- issue no formal document before it is. What names such an entry (names_entry, reverses_entry) follows it.
-- happened_at is when it happened, recorded_at when it was entered; operator_code is who entered it. Where that was
-- from a paper form, paper_number is its number, written_by wrote it at written_at, and it was typed in at typed_at.
-- Money is whole minor units. Times are RFC 3339 with offset. content_json is the whole form;
-- cut_columns names columns that do not hold the whole text. Empty text is NULL.

CREATE TABLE dt_header (
	schema_version INTEGER NOT NULL,
	entry_id NVARCHAR(64) NOT NULL,
	body_hash NVARCHAR(64) NOT NULL,
	attempt INTEGER NOT NULL,
	hospital NVARCHAR(64) NOT NULL,
	station NVARCHAR(64) NOT NULL,
	incarnation NVARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	book INTEGER NOT NULL,
	outage NVARCHAR(64) NULL,
	form NVARCHAR(40) NOT NULL,
	form_version INTEGER NOT NULL,
	happened_at NVARCHAR(40) NOT NULL,
	recorded_at NVARCHAR(40) NOT NULL,
	operator_code NVARCHAR(64) NOT NULL,
	operator_name NVARCHAR(200) NULL,
	operator_role NVARCHAR(64) NULL,
	second_person NVARCHAR(64) NULL,
	receipt_number NVARCHAR(40) NULL,
	reference_version INTEGER NULL,
	paper_number NVARCHAR(64) NULL,
	written_by NVARCHAR(64) NULL,
	written_by_name NVARCHAR(200) NULL,
	written_at NVARCHAR(40) NULL,
	typed_at NVARCHAR(40) NULL,
	patient_number NVARCHAR(64) NULL,
	patient_name NVARCHAR(200) NULL,
	patient_sex NVARCHAR(10) NULL,
	patient_birth_date NVARCHAR(10) NULL,
	patient_temporary SMALLINT NULL,
	visit_number NVARCHAR(64) NULL,
	visit_kind NVARCHAR(20) NULL,
	department_code NVARCHAR(64) NULL,
	doctor_code NVARCHAR(64) NULL,
	visit_temporary SMALLINT NULL,
	payer_kind NVARCHAR(40) NULL,
	currency NVARCHAR(3) NULL,
	total_minor BIGINT NULL,
	paid_minor BIGINT NULL,
	names_entry NVARCHAR(64) NULL,
	reverses_entry NVARCHAR(64) NULL,
	reason NVARCHAR(200) NULL,
	pharmacy_window NVARCHAR(200) NULL,
	checked_by NVARCHAR(200) NULL,
	cut_columns NVARCHAR(400) NULL,
	content_json NTEXT NOT NULL,
	CONSTRAINT dt_header_pk PRIMARY KEY (entry_id),
	CONSTRAINT dt_header_seq_uq UNIQUE (station, incarnation, book, seq)
);

CREATE TABLE dt_document (
	entry_id NVARCHAR(64) NOT NULL,
	document_no INTEGER NOT NULL,
	document_kind NVARCHAR(20) NOT NULL,
	bill_code NVARCHAR(64) NULL,
	document_number NVARCHAR(64) NOT NULL,
	check_code NVARCHAR(64) NULL,
	issued_at NVARCHAR(40) NULL,
	document_status NVARCHAR(10) NOT NULL,
	his_reference NVARCHAR(64) NULL,
	CONSTRAINT dt_document_pk PRIMARY KEY (entry_id, document_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE INDEX dt_document_number_ix ON dt_document (document_number);

CREATE TABLE dt_line (
	entry_id NVARCHAR(64) NOT NULL,
	line_no INTEGER NOT NULL,
	item_kind NVARCHAR(20) NULL,
	item_code NVARCHAR(64) NOT NULL,
	item_name NVARCHAR(200) NULL,
	item_spec NVARCHAR(200) NULL,
	item_unit NVARCHAR(200) NULL,
	unit_price_minor BIGINT NULL,
	quantity NUMERIC(18, 6) NOT NULL,
	amount_minor BIGINT NULL,
	department_code NVARCHAR(200) NULL,
	doctor_code NVARCHAR(200) NULL,
	batch_number NVARCHAR(64) NULL,
	expiry_date NVARCHAR(10) NULL,
	CONSTRAINT dt_line_pk PRIMARY KEY (entry_id, line_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_outcome (
	entry_id NVARCHAR(64) NOT NULL,
	attempt INTEGER NOT NULL,
	outcome_state NVARCHAR(10) NOT NULL,
	reason NVARCHAR(1000) NULL,
	his_reference NVARCHAR(64) NULL,
	decided_at NVARCHAR(40) NULL,
	CONSTRAINT dt_outcome_pk PRIMARY KEY (entry_id, attempt),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_payment (
	entry_id NVARCHAR(64) NOT NULL,
	payment_no INTEGER NOT NULL,
	direction NVARCHAR(10) NOT NULL,
	pay_method NVARCHAR(20) NOT NULL,
	amount_minor BIGINT NOT NULL,
	tendered_minor BIGINT NULL,
	change_minor BIGINT NULL,
	slip_tail NVARCHAR(10) NULL,
	CONSTRAINT dt_payment_pk PRIMARY KEY (entry_id, payment_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);
