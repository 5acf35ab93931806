"""The tables a hospital gives before an outage: one row model and one published field list each.

The field lists are the contract with whoever writes the export; docs/reference-tables.md is made from
them. All cells arrive as text, an empty cell means "not given".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from downtime.reference_values import (
    Amount,
    Column,
    Count,
    DateIfReadable,
    DateText,
    Key,
    Name,
    OptionalAmount,
    Quantity,
    Roles,
    Sex,
    Text,
    YesNo,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SCHEMA_VERSION = 1


class ReferenceRow(BaseModel):
    """One row of a reference table; text is kept as it came, only space around it is dropped."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, populate_by_name=True)
    table: ClassVar[str]
    label: ClassVar[str]
    key: ClassVar[tuple[str, ...]]


class DepartmentRow(ReferenceRow):
    """A department, ward, pharmacy or counter."""

    table, label, key = "departments", "科室", ("code",)
    code: Annotated[Key, Column("科室编码", "code", "PV1-3.1")]
    name: Annotated[Name, Column("科室名称", "text", "PV1-3.9")]
    kind: Annotated[Text, Column("科室类别")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""
    wubi: Annotated[Text, Column("五笔码")] = ""
    alias: Annotated[Text, Column("别名")] = ""
    location: Annotated[Text, Column("位置", "text", "PV1-3.7")] = ""


class StaffRow(ReferenceRow):
    """A person who may sign, prescribe or hold a drawer; roles separated by ``;``."""

    table, label, key = "staff", "人员", ("number",)
    number: Annotated[Key, Column("工号", "code", "STF-1")]
    name: Annotated[Name, Column("姓名", "text", "STF-3")]
    roles: Annotated[Roles, Column("角色", "roles", "STF-4")] = ""
    department: Annotated[Text, Column("科室编码", "code", "STF-8")] = ""
    title: Annotated[Text, Column("职称", "text", "STF-18")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""
    valid_until: Annotated[DateText, Column("有效期至", "date", "STF-13")] = None
    leaver: Annotated[YesNo, Column("已离职", "yes/no", "STF-7")] = False

    @property
    def role_names(self) -> tuple[str, ...]:
        """The roles one by one."""
        return tuple(filter(None, self.roles.split(";")))


class ItemRow(ReferenceRow):
    """A priced service."""

    table, label, key = "items", "收费项目", ("code",)
    code: Annotated[Key, Column("项目编码", "code", "FT1-7.1")]
    name: Annotated[Name, Column("项目名称", "text", "FT1-7.2")]
    spec: Annotated[Text, Column("规格")] = ""
    unit: Annotated[Text, Column("单位")] = ""
    price_minor: Annotated[
        Amount, Field(validation_alias="price"), Column("单价", "amount", "FT1-22", name="price")
    ]
    category: Annotated[Text, Column("费用类别", "text", "FT1-18")] = ""
    department: Annotated[Text, Column("执行科室编码", "code", "FT1-13")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""
    wubi: Annotated[Text, Column("五笔码")] = ""
    alias: Annotated[Text, Column("别名")] = ""
    barcode: Annotated[Text, Column("条码", "code")] = ""
    uses: Annotated[Count, Column("近期使用次数", "count")] = 0


class PackageRow(ReferenceRow):
    """Items and drugs charged together; its price is the sum of its lines."""

    table, label, key = "packages", "套餐", ("code",)
    code: Annotated[Key, Column("套餐编码", "code")]
    name: Annotated[Name, Column("套餐名称")]
    unit: Annotated[Text, Column("单位")] = ""
    department: Annotated[Text, Column("科室编码", "code")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""
    wubi: Annotated[Text, Column("五笔码")] = ""
    alias: Annotated[Text, Column("别名")] = ""
    uses: Annotated[Count, Column("近期使用次数", "count")] = 0


class PackageLineRow(ReferenceRow):
    """One line of a package; without a price of its own it takes the price of the item or drug."""

    table, label, key = "package_lines", "套餐明细", ("package", "position")
    package: Annotated[Key, Column("套餐编码", "code")]
    position: Annotated[Count, Column("序号", "count")]
    code: Annotated[Key, Column("项目或药品编码", "code", "FT1-7.1")]
    quantity: Annotated[Quantity, Column("数量", "quantity", "FT1-10")] = "1"
    price_minor: Annotated[
        OptionalAmount, Field(validation_alias="price"), Column("单价", "amount", "FT1-22", name="price")
    ] = None


class DrugRow(ReferenceRow):
    """A drug as it is priced and handed out."""

    table, label, key = "drugs", "药品", ("code",)
    code: Annotated[Key, Column("药品编码", "code", "RXD-2.1")]
    name: Annotated[Name, Column("药品名称", "text", "RXD-2.2")]
    generic_name: Annotated[Text, Column("通用名")] = ""
    spec: Annotated[Text, Column("规格", "text", "RXD-16")] = ""
    unit: Annotated[Text, Column("单位", "text", "RXD-5")] = ""
    price_minor: Annotated[
        Amount, Field(validation_alias="price"), Column("单价", "amount", "FT1-22", name="price")
    ]
    dosage_form: Annotated[Text, Column("剂型", "text", "RXD-6")] = ""
    maker: Annotated[Text, Column("生产厂家", "text", "RXD-20")] = ""
    category: Annotated[Text, Column("药品类别")] = ""
    controlled: Annotated[Text, Column("管制类别")] = ""
    department: Annotated[Text, Column("药房编码", "code", "RXD-13")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""
    wubi: Annotated[Text, Column("五笔码")] = ""
    alias: Annotated[Text, Column("别名、商品名")] = ""
    barcode: Annotated[Text, Column("条码", "code")] = ""
    uses: Annotated[Count, Column("近期使用次数", "count")] = 0


class BatchRow(ReferenceRow):
    """Stock of one drug in one batch at one place."""

    table, label, key = "batches", "批号库存", ("drug", "batch", "place")
    drug: Annotated[Key, Column("药品编码", "code", "RXD-2.1")]
    batch: Annotated[Key, Column("批号", "code", "RXD-18")]
    expiry: Annotated[DateText, Column("有效期", "date", "RXD-19")] = None
    quantity: Annotated[Quantity, Column("数量", "quantity", "RXD-4")] = "0"
    unit: Annotated[Text, Column("单位", "text", "RXD-5")] = ""
    place: Annotated[Text, Column("药房编码", "code", "RXD-13")] = ""


class InpatientRow(ReferenceRow):
    """Someone in a bed now (the census); ``number`` is the admission's visit number."""

    table, label, key = "inpatients", "在院患者", ("number",)
    number: Annotated[Key, Column("住院号", "code", "PV1-19")]
    patient: Annotated[Key, Column("患者编号", "code", "PID-3")]
    department: Annotated[Text, Column("科室编码", "code", "PV1-3.1")] = ""
    ward: Annotated[Text, Column("病区", "text", "PV1-3.1")] = ""
    bed: Annotated[Text, Column("床号", "text", "PV1-3.3")] = ""
    doctor: Annotated[Text, Column("医生工号", "code", "PV1-7")] = ""
    admitted_at: Annotated[Text, Column("入院时间", "time", "PV1-44")] = ""
    payer_kind: Annotated[Text, Column("费别", "text", "PV1-20")] = ""
    deposit_minor: Annotated[
        OptionalAmount, Field(validation_alias="deposit"), Column("预交金余额", "amount", name="deposit")
    ] = None


class VisitRow(ReferenceRow):
    """One visit: everything charged hangs on it in the HIS. Kind: outpatient, emergency or inpatient."""

    table, label, key = "visits", "就诊", ("number",)
    number: Annotated[Key, Column("就诊号", "code", "PV1-19")]
    patient: Annotated[Key, Column("患者编号", "code", "PID-3")]
    kind: Annotated[Text, Column("就诊类别", "text", "PV1-2")] = "outpatient"
    department: Annotated[Text, Column("科室编码", "code", "PV1-3.1")] = ""
    doctor: Annotated[Text, Column("医生工号", "code", "PV1-7")] = ""
    started_at: Annotated[Text, Column("就诊时间", "time", "PV1-44")] = ""


class PatientRow(ReferenceRow):
    """A person the HIS knows."""

    table, label, key = "patients", "患者", ("number",)
    number: Annotated[Key, Column("患者编号", "code", "PID-3")]
    name: Annotated[Name, Column("姓名", "text", "PID-5")]
    sex: Annotated[Sex, Column("性别", "sex", "PID-8", lenient=True)] = "unknown"
    birth_date: Annotated[DateIfReadable, Column("出生日期", "date", "PID-7", lenient=True)] = None
    id_number: Annotated[Text, Column("证件号码", "code", "PID-19")] = ""
    phone: Annotated[Text, Column("电话", "code", "PID-13")] = ""
    card: Annotated[Text, Column("就诊卡号", "code", "PID-3")] = ""
    payer_kind: Annotated[Text, Column("费别", "text", "PV1-20")] = ""
    allergy: Annotated[Text, Column("过敏史", "text", "AL1-3")] = ""
    address: Annotated[Text, Column("地址", "text", "PID-11")] = ""
    mnemonic: Annotated[Text, Column("拼音码")] = ""


MODELS: tuple[type[ReferenceRow], ...] = (
    DepartmentRow,
    StaffRow,
    ItemRow,
    PackageRow,
    PackageLineRow,
    DrugRow,
    BatchRow,
    InpatientRow,
    VisitRow,
    PatientRow,
)
"""In building order: who is in a bed or came lately is known before the patients are ranked."""

TABLES: dict[str, type[ReferenceRow]] = {model.table: model for model in MODELS}


@dataclass(frozen=True, slots=True)
class PublishedField:
    """One line of a published field list; ``attribute`` is the name in code, ``name`` the column heading."""

    name: str
    kind: str
    required: bool
    is_key: bool
    his_code: str
    label: str
    attribute: str
    default: Any
    lenient: bool


@cache
def published_fields(table: str) -> tuple[PublishedField, ...]:
    """Return the published field list of ``table`` in the order of the file and the stored row."""
    model = TABLES[table]
    fields = []
    for attribute, field in model.model_fields.items():
        column = next(entry for entry in field.metadata if isinstance(entry, Column))
        fields.append(
            PublishedField(
                name=column.name or attribute,
                kind=column.kind,
                required=field.is_required(),
                is_key=attribute in model.key,
                his_code=column.his_code,
                label=column.label,
                attribute=attribute,
                default=None if field.is_required() else field.default,
                lenient=column.lenient,
            )
        )
    return tuple(fields)


@cache
def stored_values(table: str) -> Callable[[ReferenceRow], tuple[Any, ...]]:
    """Return the function that gives a row's values in the order of its published fields."""
    return attrgetter(*(field.attribute for field in published_fields(table)))


def markdown() -> str:
    """Return docs/reference-tables.md: every table with its fields."""
    lines = [
        "# Reference tables 基础数据表",
        "",
        f"schema_version {SCHEMA_VERSION}. One CSV file per table, first line the headings, one manifest",
        "per set. `*` marks the key. An empty cell means: not given. The HL7 column names the field of",
        "HL7 v2.5.1 that holds the same.",
    ]
    for table, model in TABLES.items():
        lines += ["", f"## {table} {model.label}", "", (model.__doc__ or "").strip(), ""]
        lines += ["| field | 中文 | type | required | HL7 |", "|---|---|---|---|---|"]
        for field in published_fields(table):
            name = f"{field.name} *" if field.is_key else field.name
            required = "yes" if field.required else ""
            lines.append(f"| {name} | {field.label} | {field.kind} | {required} | {field.his_code} |")
    return "\n".join(lines) + "\n"
