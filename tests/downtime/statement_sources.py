"""How the made-up statements of the tests are written."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

SOURCES = """
format = 1

[statement.wechat]
source = "练习扫码"
methods = ["mobile"]
encoding = "gb18030"
header = "交易时间"
at = "交易时间"
amount = "金额"
reference = "订单号"
"""
NOW = datetime.now(ZoneInfo("Asia/Shanghai"))
AT = f"{NOW:%Y-%m-%d %H:%M:%S}"
"""The time that stands in a row of today."""
