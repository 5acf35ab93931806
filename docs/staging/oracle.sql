-- Hospital downtime: HIS staging tables, schema version 1, for Oracle 11g and later.
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
	entry_id VARCHAR2(64 CHAR) NOT NULL,
	body_hash VARCHAR2(64 CHAR) NOT NULL,
	attempt INTEGER NOT NULL,
	hospital VARCHAR2(64 CHAR) NOT NULL,
	station VARCHAR2(64 CHAR) NOT NULL,
	incarnation VARCHAR2(64 CHAR) NOT NULL,
	seq NUMBER(19) NOT NULL,
	book INTEGER NOT NULL,
	outage VARCHAR2(64 CHAR),
	form VARCHAR2(40 CHAR) NOT NULL,
	form_version INTEGER NOT NULL,
	happened_at VARCHAR2(40 CHAR) NOT NULL,
	recorded_at VARCHAR2(40 CHAR) NOT NULL,
	operator_code VARCHAR2(64 CHAR) NOT NULL,
	operator_name VARCHAR2(200 CHAR),
	operator_role VARCHAR2(64 CHAR),
	second_person VARCHAR2(64 CHAR),
	receipt_number VARCHAR2(40 CHAR),
	reference_version INTEGER,
	paper_number VARCHAR2(64 CHAR),
	written_by VARCHAR2(64 CHAR),
	written_by_name VARCHAR2(200 CHAR),
	written_at VARCHAR2(40 CHAR),
	typed_at VARCHAR2(40 CHAR),
	patient_number VARCHAR2(64 CHAR),
	patient_name VARCHAR2(200 CHAR),
	patient_sex VARCHAR2(10 CHAR),
	patient_birth_date VARCHAR2(10 CHAR),
	patient_temporary SMALLINT,
	visit_number VARCHAR2(64 CHAR),
	visit_kind VARCHAR2(20 CHAR),
	department_code VARCHAR2(64 CHAR),
	doctor_code VARCHAR2(64 CHAR),
	visit_temporary SMALLINT,
	payer_kind VARCHAR2(40 CHAR),
	currency VARCHAR2(3 CHAR),
	total_minor NUMBER(19),
	paid_minor NUMBER(19),
	names_entry VARCHAR2(64 CHAR),
	reverses_entry VARCHAR2(64 CHAR),
	reason VARCHAR2(200 CHAR),
	pharmacy_window VARCHAR2(200 CHAR),
	checked_by VARCHAR2(200 CHAR),
	cut_columns VARCHAR2(400 CHAR),
	content_json CLOB NOT NULL,
	CONSTRAINT dt_header_pk PRIMARY KEY (entry_id),
	CONSTRAINT dt_header_seq_uq UNIQUE (station, incarnation, book, seq)
);

CREATE TABLE dt_document (
	entry_id VARCHAR2(64 CHAR) NOT NULL,
	document_no INTEGER NOT NULL,
	document_kind VARCHAR2(20 CHAR) NOT NULL,
	bill_code VARCHAR2(64 CHAR),
	document_number VARCHAR2(64 CHAR) NOT NULL,
	check_code VARCHAR2(64 CHAR),
	issued_at VARCHAR2(40 CHAR),
	document_status VARCHAR2(10 CHAR) NOT NULL,
	his_reference VARCHAR2(64 CHAR),
	CONSTRAINT dt_document_pk PRIMARY KEY (entry_id, document_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE INDEX dt_document_number_ix ON dt_document (document_number);

CREATE TABLE dt_line (
	entry_id VARCHAR2(64 CHAR) NOT NULL,
	line_no INTEGER NOT NULL,
	item_kind VARCHAR2(20 CHAR),
	item_code VARCHAR2(64 CHAR) NOT NULL,
	item_name VARCHAR2(200 CHAR),
	item_spec VARCHAR2(200 CHAR),
	item_unit VARCHAR2(200 CHAR),
	unit_price_minor NUMBER(19),
	quantity NUMERIC(18, 6) NOT NULL,
	amount_minor NUMBER(19),
	department_code VARCHAR2(200 CHAR),
	doctor_code VARCHAR2(200 CHAR),
	batch_number VARCHAR2(64 CHAR),
	expiry_date VARCHAR2(10 CHAR),
	CONSTRAINT dt_line_pk PRIMARY KEY (entry_id, line_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_outcome (
	entry_id VARCHAR2(64 CHAR) NOT NULL,
	attempt INTEGER NOT NULL,
	outcome_state VARCHAR2(10 CHAR) NOT NULL,
	reason VARCHAR2(1000 CHAR),
	his_reference VARCHAR2(64 CHAR),
	decided_at VARCHAR2(40 CHAR),
	CONSTRAINT dt_outcome_pk PRIMARY KEY (entry_id, attempt),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);

CREATE TABLE dt_payment (
	entry_id VARCHAR2(64 CHAR) NOT NULL,
	payment_no INTEGER NOT NULL,
	direction VARCHAR2(10 CHAR) NOT NULL,
	pay_method VARCHAR2(20 CHAR) NOT NULL,
	amount_minor NUMBER(19) NOT NULL,
	tendered_minor NUMBER(19),
	change_minor NUMBER(19),
	slip_tail VARCHAR2(10 CHAR),
	CONSTRAINT dt_payment_pk PRIMARY KEY (entry_id, payment_no),
	FOREIGN KEY(entry_id) REFERENCES dt_header (entry_id)
);
