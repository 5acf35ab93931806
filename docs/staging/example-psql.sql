-- DT1 script 0007-3f9b39c4fe07 postgresql 3
-- Hospital downtime: entries for the HIS staging tables. Running it again changes nothing.
-- In this folder run:
--   psql -X -d DATABASE -f dt-0007-3f9b39c4fe07.sql
-- It leaves dt-0007-3f9b39c4fe07.out here, which is read back. Change neither.
-- DT1 entry 1 6b86b273-ff34-4ce1-9d6b-804eff5a3f57 1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e 1 2 1 -:0
-- DT1 entry 2 d4735e3a-265e-46ee-a03f-59718b9b5d03 dcafb543be5ab48ca82658f3f4bc76e77106dfdd830a2b854c85c30c5217925b 1 1 0 6b86b273-ff34-4ce1-9d6b-804eff5a3f57:0
-- DT1 entry 3 4e074085-62be-4b8b-a0ce-05c1decfe3ad 9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a 2 2 1 -:4
\set ON_ERROR_STOP on
\set AUTOCOMMIT on
\set ECHO none
\set QUIET on
\timing off
\pset format unaligned
\pset tuples_only on
\pset pager off
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
\o dt-0007-3f9b39c4fe07.out
SELECT
'DT1|' ||
'begin' ||
'|' ||
'0007-3f9b39c4fe07' ||
'|' ||
'postgresql' ||
'|' ||
'3' ||
'|.' AS dt;
DO $dt$
BEGIN
PERFORM SET_CONFIG('dt.error', '', false);
INSERT INTO dt_header (
schema_version,
entry_id,
body_hash,
attempt,
hospital,
station,
incarnation,
seq,
book,
outage,
form,
form_version,
happened_at,
recorded_at,
operator_code,
operator_name,
operator_role,
second_person,
receipt_number,
reference_version,
paper_number,
written_by,
written_by_name,
written_at,
typed_at,
patient_number,
patient_name,
patient_sex,
patient_birth_date,
patient_temporary,
visit_number,
visit_kind,
department_code,
doctor_code,
visit_temporary,
payer_kind,
currency,
total_minor,
paid_minor,
names_entry,
reverses_entry,
reason,
pharmacy_window,
checked_by,
cut_columns,
content_json)
SELECT
1,
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57',
'1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e',
1,
'PX-HOSPITAL',
'W9A',
'A',
1,
7,
'PX-OUTAGE-1',
'charge',
1,
'2026-01-05T08:20:01.000+08:00',
'2026-01-05T08:20:01.000+08:00',
'px01',
U&'\+007EC3\+004E60\+005458\+007532',
'cashier',
NULL,
'W9AA-000001-0',
1,
NULL,
NULL,
NULL,
NULL,
NULL,
'PX000001',
U&'\+007EC3\+004E60\+0060A3\+008005\+007532 O\+000027Neill \+000026 S\+0000F6hne',
'unknown',
NULL,
0,
NULL,
NULL,
NULL,
NULL,
0,
'self',
'CNY',
1925,
1925,
NULL,
NULL,
NULL,
NULL,
NULL,
NULL,

U&'{"authorisation":null,"currency":"CNY","lines":[{"amount_minor":750,"code":"PX\+00002DGLU","department":"","doctor":"","kind":"service","name":"\+007EC3\+004E60\+008840\+007CD6","quantity":"1","spec":"","unit":"\+006B21","unit_price_minor":75' || 
U&'0},{"amount_minor":1175,"code":"PX\+00002DAMX","department":"","doctor":"","kind":"drug","name":"\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797","quantity":"2.5","spec":"","unit":"\+006B21","unit_price_minor":470}],"patient":{"birth_date":null,"name":"\+007EC3\+004E60' || 
U&'\+0060A3\+008005\+007532 O\+000027Neill \+000026 S\+0000F6hne","number":"PX000001","sex":"unknown","temporary":false},"payer_kind":"self","payments":[{"amount_minor":1925,"change_minor":75,"method":"cash","slip_tail":"","tendered_minor":2000}' || 
U&'],"total_minor":1925,"visit":null}'
WHERE NOT EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57');
INSERT INTO dt_line (
entry_id,
line_no,
item_kind,
item_code,
item_name,
item_spec,
item_unit,
unit_price_minor,
quantity,
amount_minor,
department_code,
doctor_code,
batch_number,
expiry_date)
SELECT
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57',
1,
'service',
'PX-GLU',
U&'\+007EC3\+004E60\+008840\+007CD6',
NULL,
U&'\+006B21',
750,
1,
750,
NULL,
NULL,
NULL,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND body_hash = '1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND line_no = 1);
INSERT INTO dt_line (
entry_id,
line_no,
item_kind,
item_code,
item_name,
item_spec,
item_unit,
unit_price_minor,
quantity,
amount_minor,
department_code,
doctor_code,
batch_number,
expiry_date)
SELECT
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57',
2,
'drug',
'PX-AMX',
U&'\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797',
NULL,
U&'\+006B21',
470,
2.5,
1175,
NULL,
NULL,
NULL,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND body_hash = '1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND line_no = 2);
INSERT INTO dt_payment (
entry_id,
payment_no,
direction,
pay_method,
amount_minor,
tendered_minor,
change_minor,
slip_tail)
SELECT
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57',
1,
'in',
'cash',
1925,
2000,
75,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND body_hash = '1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e')
AND NOT EXISTS (SELECT 1 FROM dt_payment WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND payment_no = 1);
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
PERFORM SET_CONFIG('dt.error', SUBSTRING(SQLSTATE || ' ' || SQLERRM, 1, 300), false);
END
$dt$;
SELECT 'DT1|wrote|1|' || ENCODE(CONVERT_TO(CURRENT_SETTING('dt.error'), 'UTF8'), 'hex') || '|.' AS dt;
DO $dt$
BEGIN
PERFORM SET_CONFIG('dt.error', '', false);
INSERT INTO dt_header (
schema_version,
entry_id,
body_hash,
attempt,
hospital,
station,
incarnation,
seq,
book,
outage,
form,
form_version,
happened_at,
recorded_at,
operator_code,
operator_name,
operator_role,
second_person,
receipt_number,
reference_version,
paper_number,
written_by,
written_by_name,
written_at,
typed_at,
patient_number,
patient_name,
patient_sex,
patient_birth_date,
patient_temporary,
visit_number,
visit_kind,
department_code,
doctor_code,
visit_temporary,
payer_kind,
currency,
total_minor,
paid_minor,
names_entry,
reverses_entry,
reason,
pharmacy_window,
checked_by,
cut_columns,
content_json)
SELECT
1,
'd4735e3a-265e-46ee-a03f-59718b9b5d03',
'dcafb543be5ab48ca82658f3f4bc76e77106dfdd830a2b854c85c30c5217925b',
1,
'PX-HOSPITAL',
'W9A',
'A',
2,
7,
'PX-OUTAGE-1',
'dispense',
1,
'2026-01-05T08:20:02.000+08:00',
'2026-01-05T08:20:02.000+08:00',
'px01',
U&'\+007EC3\+004E60\+005458\+007532',
'cashier',
NULL,
'W9AA-000002-0',
1,
NULL,
NULL,
NULL,
NULL,
NULL,
'PX000001',
U&'\+007EC3\+004E60\+0060A3\+0080051',
'unknown',
NULL,
0,
NULL,
NULL,
NULL,
NULL,
0,
NULL,
NULL,
NULL,
NULL,
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57',
NULL,
NULL,
'1',
NULL,
NULL,

U&'{"charge_id":"6b86b273\+00002Dff34\+00002D4ce1\+00002D9d6b\+00002D804eff5a3f57","charge_number":"","checked_by":"","lines":[{"batch":"PXB1","code":"PX\+00002DAMX","expiry":null,"name":"\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797","quantity":"2.5","spec":"","unit":"\+0076D2"}],"p' || 
U&'atient":{"birth_date":null,"name":"\+007EC3\+004E60\+0060A3\+0080051","number":"PX000001","sex":"unknown","temporary":false},"visit":null,"window":"1"}'
WHERE NOT EXISTS (SELECT 1 FROM dt_header WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03')
AND EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57');
INSERT INTO dt_line (
entry_id,
line_no,
item_kind,
item_code,
item_name,
item_spec,
item_unit,
unit_price_minor,
quantity,
amount_minor,
department_code,
doctor_code,
batch_number,
expiry_date)
SELECT
'd4735e3a-265e-46ee-a03f-59718b9b5d03',
1,
NULL,
'PX-AMX',
U&'\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797',
NULL,
U&'\+0076D2',
NULL,
2.5,
NULL,
NULL,
NULL,
'PXB1',
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03'
AND body_hash = 'dcafb543be5ab48ca82658f3f4bc76e77106dfdd830a2b854c85c30c5217925b')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03'
AND line_no = 1);
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
PERFORM SET_CONFIG('dt.error', SUBSTRING(SQLSTATE || ' ' || SQLERRM, 1, 300), false);
END
$dt$;
SELECT 'DT1|wrote|2|' || ENCODE(CONVERT_TO(CURRENT_SETTING('dt.error'), 'UTF8'), 'hex') || '|.' AS dt;
DO $dt$
BEGIN
PERFORM SET_CONFIG('dt.error', '', false);
INSERT INTO dt_header (
schema_version,
entry_id,
body_hash,
attempt,
hospital,
station,
incarnation,
seq,
book,
outage,
form,
form_version,
happened_at,
recorded_at,
operator_code,
operator_name,
operator_role,
second_person,
receipt_number,
reference_version,
paper_number,
written_by,
written_by_name,
written_at,
typed_at,
patient_number,
patient_name,
patient_sex,
patient_birth_date,
patient_temporary,
visit_number,
visit_kind,
department_code,
doctor_code,
visit_temporary,
payer_kind,
currency,
total_minor,
paid_minor,
names_entry,
reverses_entry,
reason,
pharmacy_window,
checked_by,
cut_columns,
content_json)
SELECT
1,
'4e074085-62be-4b8b-a0ce-05c1decfe3ad',
'9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a',
1,
'PX-HOSPITAL',
'W9A',
'A',
3,
7,
'PX-OUTAGE-1',
'charge',
1,
'2026-01-05T08:20:03.000+08:00',
'2026-01-05T08:20:03.000+08:00',
'px01',
U&'\+007EC3\+004E60\+005458\+007532',
'cashier',
NULL,
'W9AA-000003-0',
1,
NULL,
NULL,
NULL,
NULL,
NULL,
'PX000003',
U&'\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7',
'unknown',
NULL,
0,
NULL,
NULL,
NULL,
NULL,
0,
'self',
'CNY',
1925,
1925,
NULL,
NULL,
NULL,
NULL,
NULL,
'patient_name',

U&'{"authorisation":null,"currency":"CNY","lines":[{"amount_minor":750,"code":"PX\+00002DGLU","department":"","doctor":"","kind":"service","name":"\+007EC3\+004E60\+008840\+007CD6","quantity":"1","spec":"","unit":"\+006B21","unit_price_minor":75' || 
U&'0},{"amount_minor":1175,"code":"PX\+00002DAMX","department":"","doctor":"","kind":"drug","name":"\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797","quantity":"2.5","spec":"","unit":"\+006B21","unit_price_minor":470}],"patient":{"birth_date":null,"name":"\+020BB7\+020BB7' || 
U&'\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7\+020BB7","number":"PX000003","sex":"unknown","temporary":false},"payer_kind":"self","paym' || 
U&'ents":[{"amount_minor":1925,"change_minor":75,"method":"cash","slip_tail":"","tendered_minor":2000}],"total_minor":1925,"visit":null}'
WHERE NOT EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad');
INSERT INTO dt_line (
entry_id,
line_no,
item_kind,
item_code,
item_name,
item_spec,
item_unit,
unit_price_minor,
quantity,
amount_minor,
department_code,
doctor_code,
batch_number,
expiry_date)
SELECT
'4e074085-62be-4b8b-a0ce-05c1decfe3ad',
1,
'service',
'PX-GLU',
U&'\+007EC3\+004E60\+008840\+007CD6',
NULL,
U&'\+006B21',
750,
1,
750,
NULL,
NULL,
NULL,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND body_hash = '9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND line_no = 1);
INSERT INTO dt_line (
entry_id,
line_no,
item_kind,
item_code,
item_name,
item_spec,
item_unit,
unit_price_minor,
quantity,
amount_minor,
department_code,
doctor_code,
batch_number,
expiry_date)
SELECT
'4e074085-62be-4b8b-a0ce-05c1decfe3ad',
2,
'drug',
'PX-AMX',
U&'\+007EC3\+004E60\+00963F\+0083AB\+00897F\+006797',
NULL,
U&'\+006B21',
470,
2.5,
1175,
NULL,
NULL,
NULL,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND body_hash = '9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND line_no = 2);
INSERT INTO dt_payment (
entry_id,
payment_no,
direction,
pay_method,
amount_minor,
tendered_minor,
change_minor,
slip_tail)
SELECT
'4e074085-62be-4b8b-a0ce-05c1decfe3ad',
1,
'in',
'cash',
1925,
2000,
75,
NULL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND body_hash = '9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a')
AND NOT EXISTS (SELECT 1 FROM dt_payment WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND payment_no = 1);
UPDATE dt_header SET attempt = 2
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND attempt = 1
AND body_hash = '9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a'
AND EXISTS (SELECT 1 FROM dt_outcome WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad'
AND attempt = 1
AND outcome_state = 'refused');
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR raise_exception THEN
PERFORM SET_CONFIG('dt.error', SUBSTRING(SQLSTATE || ' ' || SQLERRM, 1, 300), false);
END
$dt$;
SELECT 'DT1|wrote|3|' || ENCODE(CONVERT_TO(CURRENT_SETTING('dt.error'), 'UTF8'), 'hex') || '|.' AS dt;
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT
'DT1|' ||
'entry' ||
'|' ||
'1' ||
'|' ||
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_line
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_document
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57') AS VARCHAR(40)), '') ||
'|.' AS dt;
SELECT
'DT1|' ||
'held' ||
'|' ||
'1' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(h.body_hash, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(h.attempt AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.outcome_state, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.his_reference, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(o.reason, 1, 300), ''), 'UTF8'), 'hex') ||
'|.' AS dt
FROM dt_header h LEFT JOIN dt_outcome o
ON o.entry_id = h.entry_id AND o.attempt = h.attempt
WHERE h.entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57';
SELECT
'DT1|' ||
'head' ||
'|' ||
'1' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(form, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(operator_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(happened_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(receipt_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(visit_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(currency, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(names_entry, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(reverses_entry, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(total_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57';
SELECT
'DT1|' ||
'name' ||
'|' ||
'1' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_name, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57';
SELECT
'DT1|' ||
'line' ||
'|' ||
'1' ||
'|' ||
COALESCE(CAST(line_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(item_code, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(quantity AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(batch_number, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_line
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'1' ||
'|' ||
COALESCE(CAST(payment_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(pay_method, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_payment
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'1' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_kind, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(bill_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(check_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(issued_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_status, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(his_reference, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_document
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ORDER BY document_no;
SELECT
'DT1|' ||
'entry' ||
'|' ||
'2' ||
'|' ||
'd4735e3a-265e-46ee-a03f-59718b9b5d03' ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_line
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_document
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03') AS VARCHAR(40)), '') ||
'|.' AS dt;
SELECT
'DT1|' ||
'held' ||
'|' ||
'2' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(h.body_hash, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(h.attempt AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.outcome_state, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.his_reference, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(o.reason, 1, 300), ''), 'UTF8'), 'hex') ||
'|.' AS dt
FROM dt_header h LEFT JOIN dt_outcome o
ON o.entry_id = h.entry_id AND o.attempt = h.attempt
WHERE h.entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03';
SELECT
'DT1|' ||
'head' ||
'|' ||
'2' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(form, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(operator_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(happened_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(receipt_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(visit_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(currency, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(names_entry, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(reverses_entry, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(total_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03';
SELECT
'DT1|' ||
'name' ||
'|' ||
'2' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_name, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03';
SELECT
'DT1|' ||
'line' ||
'|' ||
'2' ||
'|' ||
COALESCE(CAST(line_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(item_code, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(quantity AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(batch_number, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_line
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'2' ||
'|' ||
COALESCE(CAST(payment_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(pay_method, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_payment
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'2' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_kind, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(bill_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(check_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(issued_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_status, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(his_reference, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_document
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03' ORDER BY document_no;
SELECT
'DT1|' ||
'entry' ||
'|' ||
'3' ||
'|' ||
'4e074085-62be-4b8b-a0ce-05c1decfe3ad' ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_line
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad') AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST((SELECT COUNT(*) FROM dt_document
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad') AS VARCHAR(40)), '') ||
'|.' AS dt;
SELECT
'DT1|' ||
'held' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(h.body_hash, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(h.attempt AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.outcome_state, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(o.his_reference, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(o.reason, 1, 300), ''), 'UTF8'), 'hex') ||
'|.' AS dt
FROM dt_header h LEFT JOIN dt_outcome o
ON o.entry_id = h.entry_id AND o.attempt = h.attempt
WHERE h.entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'head' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(form, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(operator_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(happened_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(receipt_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(visit_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(currency, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(names_entry, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(reverses_entry, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(total_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'name' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(patient_name, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(content_json, 1, 200), ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(content_json, 201, 200), ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(content_json, 401, 200), ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(SUBSTRING(content_json, 601, 133), ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'line' ||
'|' ||
'3' ||
'|' ||
COALESCE(CAST(line_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(item_code, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(quantity AS VARCHAR(40)), '') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(batch_number, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_line
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'3' ||
'|' ||
COALESCE(CAST(payment_no AS VARCHAR(40)), '') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(pay_method, ''), 'UTF8'), 'hex') ||
'|' ||
COALESCE(CAST(amount_minor AS VARCHAR(40)), '') ||
'|.' AS dt FROM dt_payment
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'3' ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_kind, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(bill_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_number, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(check_code, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(issued_at, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(document_status, ''), 'UTF8'), 'hex') ||
'|' ||
ENCODE(CONVERT_TO(COALESCE(his_reference, ''), 'UTF8'), 'hex') ||
'|.' AS dt FROM dt_document
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad' ORDER BY document_no;
COMMIT;
SELECT
'DT1|' ||
'end' ||
'|' ||
'0007-3f9b39c4fe07' ||
'|' ||
'3' ||
'|.' AS dt;
\o
-- DT1 sum b45110e20bf17b4899acb451715f377dd6dcc478334828592c68ba8ede66911a
