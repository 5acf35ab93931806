-- Hospital downtime: HIS staging tables, schema version 1, for SQLite.
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
	entry_id VARCHAR(64) NOT NULL,
	body_hash VARCHAR(64) NOT NULL,
	attempt INTEGER NOT NULL,
	hospital VARCHAR(64) NOT NULL,
	station VARCHAR(64) NOT NULL,
	incarnation VARCHAR(64) NOT NULL,
	seq BIGINT NOT NULL,
	book INTEGER NOT NULL,
	outage VARCHAR(64),
	form VARCHAR(40) NOT NULL,
	form_version INTEGER NOT NULL,
	happened_at VARCHAR(40) NOT NULL,
	recorded_at VARCHAR(40) NOT NULL,
	operator_code VARCHAR(64) NOT NULL,
	operator_name VARCHAR(200),
	operator_role VARCHAR(64),
	second_person VARCHAR(64),
	receipt_number VARCHAR(40),
	reference_version INTEGER,
	paper_number VARCHAR(64),
	written_by VARCHAR(64),
	written_by_name VARCHAR(200),
	written_at VARCHAR(40),
	typed_at VARCHAR(40),
	patient_number VARCHAR(64),
	patient_name VARCHAR(200),
	patient_sex VARCHAR(10),
	patient_birth_date VARCHAR(10),
	patient_temporary SMALLINT,
	visit_number VARCHAR(64),
	visit_kind VARCHAR(20),
	department_code VARCHAR(64),
	doctor_code VARCHAR(64),
	visit_temporary SMALLINT,
	payer_kind VARCHAR(40),
	currency VARCHAR(3),
	total_minor BIGINT,
	paid_minor BIGINT,
	names_entry VARCHAR(64),
	reverses_entry VARCHAR(64),
	reason VARCHAR(200),
	pharmacy_window VARCHAR(200),
	checked_by VARCHAR(200),
	cut_columns VARCHAR(400),
	content_json TEXT NOT NULL,
	CONSTRAINT dt_header_pk PRIMARY KEY (entry_id),
	CONSTRAINT dt_header_seq_uq UNIQUE (station, incarnation, book, seq)
);

CREATE TABLE dt_document (
	entry_id VARCHAR(64) NOT NULL,
	document_no INTEGER NOT NULL,
	document_kind VARCHAR(20) NOT NULL,
	bill_code VARCHAR(64),
	document_number VARCHAR(64) NOT NULL,
	check_code VARCHAR(64),
	issued_at VARCHAR(40),
	document_status VARCHAR(10) NOT NULL,
	his_reference VARCHAR(64),
	CONSTRAINT dt_document_pk PRIMARY KEY (entry_id, document_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE INDEX dt_document_number_ix ON dt_document (document_number);

CREATE TABLE dt_line (
	entry_id VARCHAR(64) NOT NULL,
	line_no INTEGER NOT NULL,
	item_kind VARCHAR(20),
	item_code VARCHAR(64) NOT NULL,
	item_name VARCHAR(200),
	item_spec VARCHAR(200),
	item_unit VARCHAR(200),
	unit_price_minor BIGINT,
	quantity VARCHAR(20) NOT NULL,
	amount_minor BIGINT,
	department_code VARCHAR(200),
	doctor_code VARCHAR(200),
	batch_number VARCHAR(64),
	expiry_date VARCHAR(10),
	CONSTRAINT dt_line_pk PRIMARY KEY (entry_id, line_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_outcome (
	entry_id VARCHAR(64) NOT NULL,
	attempt INTEGER NOT NULL,
	outcome_state VARCHAR(10) NOT NULL,
	reason VARCHAR(1000),
	his_reference VARCHAR(64),
	decided_at VARCHAR(40),
	CONSTRAINT dt_outcome_pk PRIMARY KEY (entry_id, attempt),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_payment (
	entry_id VARCHAR(64) NOT NULL,
	payment_no INTEGER NOT NULL,
	direction VARCHAR(10) NOT NULL,
	pay_method VARCHAR(20) NOT NULL,
	amount_minor BIGINT NOT NULL,
	tendered_minor BIGINT,
	change_minor BIGINT,
	slip_tail VARCHAR(10),
	CONSTRAINT dt_payment_pk PRIMARY KEY (entry_id, payment_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);
