-- DT1 script 0007-3f9b39c4fe07 oracle 3
-- Hospital downtime: entries for the HIS staging tables. Running it again changes nothing.
-- In this folder run:
--   sqlplus -L USER@DATABASE @dt-0007-3f9b39c4fe07.sql
-- It leaves dt-0007-3f9b39c4fe07.out here, which is read back. Change neither.
-- DT1 entry 1 6b86b273-ff34-4ce1-9d6b-804eff5a3f57 1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e 1 2 1 -:0
-- DT1 entry 2 d4735e3a-265e-46ee-a03f-59718b9b5d03 dcafb543be5ab48ca82658f3f4bc76e77106dfdd830a2b854c85c30c5217925b 1 1 0 6b86b273-ff34-4ce1-9d6b-804eff5a3f57:0
-- DT1 entry 3 4e074085-62be-4b8b-a0ce-05c1decfe3ad 9d74769c85cc3c1742493ad5367be6f645bffbc2928aadd7bcb13f7262e2d95a 2 2 1 -:4
SET DEFINE OFF
SET ESCAPE OFF
SET ECHO OFF
SET FEEDBACK OFF
SET HEADING OFF
SET VERIFY OFF
SET TIMING OFF
SET TERMOUT OFF
SET TRIMSPOOL ON
SET TAB OFF
SET WRAP ON
SET PAGESIZE 0
SET LINESIZE 32767
SET LONG 1000000
SET SQLBLANKLINES ON
SET SQLTERMINATOR ON
SET AUTOCOMMIT OFF
SET SERVEROUTPUT ON SIZE UNLIMITED FORMAT WRAPPED
WHENEVER OSERROR EXIT FAILURE ROLLBACK
WHENEVER SQLERROR EXIT FAILURE ROLLBACK
ALTER SESSION SET NLS_NUMERIC_CHARACTERS = '.,';
SPOOL dt-0007-3f9b39c4fe07.out
SELECT
'DT1|' ||
'begin' ||
'|' ||
'0007-3f9b39c4fe07' ||
'|' ||
'oracle' ||
'|' ||
'3' ||
'|.' AS dt FROM DUAL;
BEGIN
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
UNISTR('\7EC3\4E60\5458\7532'),
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
UNISTR('\7EC3\4E60\60A3\8005\7532 O\0027Neill \0026 S\00F6hne'),
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
TO_CLOB(
UNISTR('{"authorisation":null,"currency":"CNY","lines":[{"amount_minor":750,"code":"PX\002DGLU","department":"","doctor":"","kind":"service","name":"\7EC3\4E60\8840\7CD6","quantity":"1","spec":"","unit":"\6B21","unit_price_minor":75')) || TO_CLOB(
UNISTR('0},{"amount_minor":1175,"code":"PX\002DAMX","department":"","doctor":"","kind":"drug","name":"\7EC3\4E60\963F\83AB\897F\6797","quantity":"2.5","spec":"","unit":"\6B21","unit_price_minor":470}],"patient":{"birth_date":null,"name":"\7EC3\4E60')) || TO_CLOB(
UNISTR('\60A3\8005\7532 O\0027Neill \0026 S\00F6hne","number":"PX000001","sex":"unknown","temporary":false},"payer_kind":"self","payments":[{"amount_minor":1925,"change_minor":75,"method":"cash","slip_tail":"","tendered_minor":2000}')) || TO_CLOB(
UNISTR('],"total_minor":1925,"visit":null}')) FROM DUAL
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
UNISTR('\7EC3\4E60\8840\7CD6'),
NULL,
UNISTR('\6B21'),
750,
1,
750,
NULL,
NULL,
NULL,
NULL FROM DUAL
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
UNISTR('\7EC3\4E60\963F\83AB\897F\6797'),
NULL,
UNISTR('\6B21'),
470,
2.5,
1175,
NULL,
NULL,
NULL,
NULL FROM DUAL
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
NULL FROM DUAL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND body_hash = '1193c6e15a3a8f1080469444053e7902526aa0d7ade954fb05b066b2a3d4643e')
AND NOT EXISTS (SELECT 1 FROM dt_payment WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57'
AND payment_no = 1);
COMMIT;
DBMS_OUTPUT.PUT_LINE('DT1|wrote|1||.');
EXCEPTION WHEN OTHERS THEN
ROLLBACK;
IF SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1438, -1722, -2290, -2291, -2292, -6502, -12899)
OR SQLCODE BETWEEN -20999 AND -20000 THEN
DBMS_OUTPUT.PUT_LINE('DT1|wrote|1|'
|| RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(SQLERRM, 1, 300), 'AL32UTF8')) || '|.');
ELSE
RAISE;
END IF;
END;
/
BEGIN
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
UNISTR('\7EC3\4E60\5458\7532'),
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
UNISTR('\7EC3\4E60\60A3\80051'),
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
TO_CLOB(
UNISTR('{"charge_id":"6b86b273\002Dff34\002D4ce1\002D9d6b\002D804eff5a3f57","charge_number":"","checked_by":"","lines":[{"batch":"PXB1","code":"PX\002DAMX","expiry":null,"name":"\7EC3\4E60\963F\83AB\897F\6797","quantity":"2.5","spec":"","unit":"\76D2"}],"p')) || TO_CLOB(
UNISTR('atient":{"birth_date":null,"name":"\7EC3\4E60\60A3\80051","number":"PX000001","sex":"unknown","temporary":false},"visit":null,"window":"1"}')) FROM DUAL
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
UNISTR('\7EC3\4E60\963F\83AB\897F\6797'),
NULL,
UNISTR('\76D2'),
NULL,
2.5,
NULL,
NULL,
NULL,
'PXB1',
NULL FROM DUAL
WHERE EXISTS (SELECT 1 FROM dt_header WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03'
AND body_hash = 'dcafb543be5ab48ca82658f3f4bc76e77106dfdd830a2b854c85c30c5217925b')
AND NOT EXISTS (SELECT 1 FROM dt_line WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03'
AND line_no = 1);
COMMIT;
DBMS_OUTPUT.PUT_LINE('DT1|wrote|2||.');
EXCEPTION WHEN OTHERS THEN
ROLLBACK;
IF SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1438, -1722, -2290, -2291, -2292, -6502, -12899)
OR SQLCODE BETWEEN -20999 AND -20000 THEN
DBMS_OUTPUT.PUT_LINE('DT1|wrote|2|'
|| RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(SQLERRM, 1, 300), 'AL32UTF8')) || '|.');
ELSE
RAISE;
END IF;
END;
/
BEGIN
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
UNISTR('\7EC3\4E60\5458\7532'),
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
UNISTR('\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7'),
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
TO_CLOB(
UNISTR('{"authorisation":null,"currency":"CNY","lines":[{"amount_minor":750,"code":"PX\002DGLU","department":"","doctor":"","kind":"service","name":"\7EC3\4E60\8840\7CD6","quantity":"1","spec":"","unit":"\6B21","unit_price_minor":75')) || TO_CLOB(
UNISTR('0},{"amount_minor":1175,"code":"PX\002DAMX","department":"","doctor":"","kind":"drug","name":"\7EC3\4E60\963F\83AB\897F\6797","quantity":"2.5","spec":"","unit":"\6B21","unit_price_minor":470}],"patient":{"birth_date":null,"name":"\D842\DFB7\D842\DFB7')) || TO_CLOB(
UNISTR('\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7\D842\DFB7","number":"PX000003","sex":"unknown","temporary":false},"payer_kind":"self","paym')) || TO_CLOB(
UNISTR('ents":[{"amount_minor":1925,"change_minor":75,"method":"cash","slip_tail":"","tendered_minor":2000}],"total_minor":1925,"visit":null}')) FROM DUAL
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
UNISTR('\7EC3\4E60\8840\7CD6'),
NULL,
UNISTR('\6B21'),
750,
1,
750,
NULL,
NULL,
NULL,
NULL FROM DUAL
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
UNISTR('\7EC3\4E60\963F\83AB\897F\6797'),
NULL,
UNISTR('\6B21'),
470,
2.5,
1175,
NULL,
NULL,
NULL,
NULL FROM DUAL
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
NULL FROM DUAL
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
COMMIT;
DBMS_OUTPUT.PUT_LINE('DT1|wrote|3||.');
EXCEPTION WHEN OTHERS THEN
ROLLBACK;
IF SQLCODE IN (-1, -1400, -1401, -1407, -1426, -1438, -1722, -2290, -2291, -2292, -6502, -12899)
OR SQLCODE BETWEEN -20999 AND -20000 THEN
DBMS_OUTPUT.PUT_LINE('DT1|wrote|3|'
|| RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(SQLERRM, 1, 300), 'AL32UTF8')) || '|.');
ELSE
RAISE;
END IF;
END;
/
SET TRANSACTION READ ONLY;
SELECT
'DT1|' ||
'entry' ||
'|' ||
'1' ||
'|' ||
'6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_line
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_document
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57')) ||
'|.' AS dt FROM DUAL;
SELECT
'DT1|' ||
'held' ||
'|' ||
'1' ||
'|' ||
CASE WHEN h.body_hash IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(h.body_hash, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(h.attempt) ||
'|' ||
CASE WHEN o.outcome_state IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.outcome_state, 'AL32UTF8')) END ||
'|' ||
CASE WHEN o.his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.his_reference, 'AL32UTF8')) END ||
'|' ||
CASE WHEN SUBSTR(o.reason, 1, 300) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(o.reason, 1, 300), 'AL32UTF8')) END ||
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
CASE WHEN form IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(form, 'AL32UTF8')) END ||
'|' ||
CASE WHEN operator_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(operator_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN happened_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(happened_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN receipt_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(receipt_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN patient_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN visit_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(visit_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN currency IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(currency, 'AL32UTF8')) END ||
'|' ||
CASE WHEN names_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(names_entry, 'AL32UTF8')) END ||
'|' ||
CASE WHEN reverses_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(reverses_entry, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(total_minor) ||
'|.' AS dt FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57';
SELECT
'DT1|' ||
'name' ||
'|' ||
'1' ||
'|' ||
CASE WHEN patient_name IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_name, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57';
SELECT
'DT1|' ||
'line' ||
'|' ||
'1' ||
'|' ||
TO_CHAR(line_no) ||
'|' ||
CASE WHEN item_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(item_code, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(quantity) ||
'|' ||
TO_CHAR(amount_minor) ||
'|' ||
CASE WHEN batch_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(batch_number, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_line
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'1' ||
'|' ||
TO_CHAR(payment_no) ||
'|' ||
CASE WHEN pay_method IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(pay_method, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(amount_minor) ||
'|.' AS dt FROM dt_payment
WHERE entry_id = '6b86b273-ff34-4ce1-9d6b-804eff5a3f57' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'1' ||
'|' ||
CASE WHEN document_kind IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_kind, 'AL32UTF8')) END ||
'|' ||
CASE WHEN bill_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(bill_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN check_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(check_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN issued_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(issued_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_status IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_status, 'AL32UTF8')) END ||
'|' ||
CASE WHEN his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(his_reference, 'AL32UTF8')) END ||
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
TO_CHAR((SELECT COUNT(*) FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_line
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_document
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03')) ||
'|.' AS dt FROM DUAL;
SELECT
'DT1|' ||
'held' ||
'|' ||
'2' ||
'|' ||
CASE WHEN h.body_hash IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(h.body_hash, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(h.attempt) ||
'|' ||
CASE WHEN o.outcome_state IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.outcome_state, 'AL32UTF8')) END ||
'|' ||
CASE WHEN o.his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.his_reference, 'AL32UTF8')) END ||
'|' ||
CASE WHEN SUBSTR(o.reason, 1, 300) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(o.reason, 1, 300), 'AL32UTF8')) END ||
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
CASE WHEN form IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(form, 'AL32UTF8')) END ||
'|' ||
CASE WHEN operator_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(operator_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN happened_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(happened_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN receipt_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(receipt_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN patient_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN visit_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(visit_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN currency IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(currency, 'AL32UTF8')) END ||
'|' ||
CASE WHEN names_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(names_entry, 'AL32UTF8')) END ||
'|' ||
CASE WHEN reverses_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(reverses_entry, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(total_minor) ||
'|.' AS dt FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03';
SELECT
'DT1|' ||
'name' ||
'|' ||
'2' ||
'|' ||
CASE WHEN patient_name IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_name, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03';
SELECT
'DT1|' ||
'line' ||
'|' ||
'2' ||
'|' ||
TO_CHAR(line_no) ||
'|' ||
CASE WHEN item_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(item_code, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(quantity) ||
'|' ||
TO_CHAR(amount_minor) ||
'|' ||
CASE WHEN batch_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(batch_number, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_line
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'2' ||
'|' ||
TO_CHAR(payment_no) ||
'|' ||
CASE WHEN pay_method IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(pay_method, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(amount_minor) ||
'|.' AS dt FROM dt_payment
WHERE entry_id = 'd4735e3a-265e-46ee-a03f-59718b9b5d03' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'2' ||
'|' ||
CASE WHEN document_kind IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_kind, 'AL32UTF8')) END ||
'|' ||
CASE WHEN bill_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(bill_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN check_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(check_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN issued_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(issued_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_status IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_status, 'AL32UTF8')) END ||
'|' ||
CASE WHEN his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(his_reference, 'AL32UTF8')) END ||
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
TO_CHAR((SELECT COUNT(*) FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_line
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_payment
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad')) ||
'|' ||
TO_CHAR((SELECT COUNT(*) FROM dt_document
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad')) ||
'|.' AS dt FROM DUAL;
SELECT
'DT1|' ||
'held' ||
'|' ||
'3' ||
'|' ||
CASE WHEN h.body_hash IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(h.body_hash, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(h.attempt) ||
'|' ||
CASE WHEN o.outcome_state IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.outcome_state, 'AL32UTF8')) END ||
'|' ||
CASE WHEN o.his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(o.his_reference, 'AL32UTF8')) END ||
'|' ||
CASE WHEN SUBSTR(o.reason, 1, 300) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(SUBSTR(o.reason, 1, 300), 'AL32UTF8')) END ||
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
CASE WHEN form IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(form, 'AL32UTF8')) END ||
'|' ||
CASE WHEN operator_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(operator_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN happened_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(happened_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN receipt_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(receipt_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN patient_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN visit_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(visit_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN currency IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(currency, 'AL32UTF8')) END ||
'|' ||
CASE WHEN names_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(names_entry, 'AL32UTF8')) END ||
'|' ||
CASE WHEN reverses_entry IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(reverses_entry, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(total_minor) ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'name' ||
'|' ||
'3' ||
'|' ||
CASE WHEN patient_name IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(patient_name, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
CASE WHEN DBMS_LOB.SUBSTR(content_json, 200, 1) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(DBMS_LOB.SUBSTR(content_json, 200, 1), 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
CASE WHEN DBMS_LOB.SUBSTR(content_json, 202, 201) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(DBMS_LOB.SUBSTR(content_json, 202, 201), 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
CASE WHEN DBMS_LOB.SUBSTR(content_json, 318, 403) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(DBMS_LOB.SUBSTR(content_json, 318, 403), 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'whole' ||
'|' ||
'3' ||
'|' ||
CASE WHEN DBMS_LOB.SUBSTR(content_json, 133, 721) IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(DBMS_LOB.SUBSTR(content_json, 133, 721), 'AL32UTF8')) END ||
'|.' AS dt FROM dt_header
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad';
SELECT
'DT1|' ||
'line' ||
'|' ||
'3' ||
'|' ||
TO_CHAR(line_no) ||
'|' ||
CASE WHEN item_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(item_code, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(quantity) ||
'|' ||
TO_CHAR(amount_minor) ||
'|' ||
CASE WHEN batch_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(batch_number, 'AL32UTF8')) END ||
'|.' AS dt FROM dt_line
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad' ORDER BY line_no;
SELECT
'DT1|' ||
'paid' ||
'|' ||
'3' ||
'|' ||
TO_CHAR(payment_no) ||
'|' ||
CASE WHEN pay_method IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(pay_method, 'AL32UTF8')) END ||
'|' ||
TO_CHAR(amount_minor) ||
'|.' AS dt FROM dt_payment
WHERE entry_id = '4e074085-62be-4b8b-a0ce-05c1decfe3ad' ORDER BY payment_no;
SELECT
'DT1|' ||
'document' ||
'|' ||
'3' ||
'|' ||
CASE WHEN document_kind IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_kind, 'AL32UTF8')) END ||
'|' ||
CASE WHEN bill_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(bill_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_number IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_number, 'AL32UTF8')) END ||
'|' ||
CASE WHEN check_code IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(check_code, 'AL32UTF8')) END ||
'|' ||
CASE WHEN issued_at IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(issued_at, 'AL32UTF8')) END ||
'|' ||
CASE WHEN document_status IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(document_status, 'AL32UTF8')) END ||
'|' ||
CASE WHEN his_reference IS NOT NULL THEN RAWTOHEX(UTL_I18N.STRING_TO_RAW(his_reference, 'AL32UTF8')) END ||
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
'|.' AS dt FROM DUAL;
SPOOL OFF
EXIT SUCCESS
-- DT1 sum d75d90a673c3402ce34d73284e11486d0f755e3546a1ff9131feff3eeae2a699
