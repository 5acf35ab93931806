"""What the practice hospital charges for: names as such things are called, prices made up.

One line of text per group: ``department|category|unit`` and then ``name price`` pairs; the first of a
group are asked for most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN = """
PX14|诊察费|次 普通门诊诊察费 10 急诊诊察费 15 主治医师门诊诊察费 15 副主任医师门诊诊察费 25 主任医师门诊诊察费 40 \
知名专家门诊诊察费 60 住院诊察费 12 院内会诊费 30 院际会诊费 120 多学科会诊费 260 健康咨询 18 互联网复诊费 8 \
门诊病历手册 1 就诊卡工本费 2 病历复印费 0.5 胶片费(大) 18 胶片费(小) 11
PX14|床位费|日 普通病房床位费(三人间) 45 普通病房床位费(双人间) 70 单人病房床位费 160 监护病房床位费 130 新生儿床位费 35 \
急诊观察床位费 30 日间病房床位费 42 层流病房床位费 210 陪护床费 10 空调降温费 6 取暖费 7
PX01|护理费|日 一级护理 28 二级护理 18 三级护理 11 特级护理 120 重症监护护理 168 新生儿护理 40 压疮护理 15 气管切开护理 55 \
造口护理 26 引流管护理 9 口腔护理 8 会阴擦洗 7 床上擦浴 16 心电监测护理 20 吸痰护理 14 保护性隔离护理 35
PX01|治疗费|次 静脉输液 9 静脉注射 4.5 肌肉注射 3 皮下注射 3 皮内注射 3.5 静脉采血 3 动脉采血 12 留置针穿刺 18 \
静脉输液(续组) 2 小儿静脉输液 14 小儿头皮静脉穿刺 16 输血 22 皮试(青霉素) 5 皮试(头孢) 5 破伤风皮试 5 雾化吸入 11 \
氧气雾化吸入 14 导尿 19 留置导尿 26 膀胱冲洗 15 灌肠 21 清洁灌肠 33 洗胃 68 鼻饲管置管 24 胃肠减压 17 吸氧(每小时) 4 \
心肺复苏 130 电除颤 95 气管插管 110 机械通气(每小时) 17 无创呼吸机(每小时) 12 心电监护(每小时) 6 血氧饱和度监测 3 \
微量泵输液(每小时) 2.5 大抢救 210 中抢救 140 小抢救 75 急诊留观 35 救护车出诊 60 冰袋降温 5 物理降温 8 热敷 6
PX03|治疗费|次 换药(小) 12 换药(中) 22 换药(大) 38 清创缝合(小) 65 清创缝合(中) 120 清创缝合(大) 190 拆线(小) 9 拆线(大) 18 \
脓肿切开引流 96 体表肿物切除 280 拔甲术 85 甲沟炎切开 76 烧伤换药(小) 30 烧伤换药(大) 88 胸腔穿刺 90 腹腔穿刺 85 \
腰椎穿刺 110 骨髓穿刺 125 胸腔闭式引流 230 中心静脉置管 210 包皮环切术 520 阑尾切除术 980 疝修补术 1150 \
腹腔镜胆囊切除术 1900 痔切除术 680 静脉曲张剥脱术 1250 甲状腺部分切除术 1680 乳腺肿物切除术 620 胃镜下息肉切除 760
PX04|治疗费|次 胎心监护 26 产前检查 20 阴道冲洗 12 阴道上药 8 宫颈活检 86 宫颈息肉摘除 120 上环术 135 取环术 98 诊断性刮宫 160 \
人工流产术 260 无痛人工流产术 720 顺产接生 650 剖宫产术 1780 会阴裂伤修补 210 产后康复治疗 88 盆底肌电刺激 75 \
新生儿洗澡 15 新生儿抚触 20 新生儿听力筛查 80 新生儿疾病筛查 96 宫腔镜检查 480 阴道镜检查 105
PX05|治疗费|次 小儿推拿 48 小儿雾化 12 小儿灌肠 24 儿童生长发育评估 60 儿童智力测查 75 婴幼儿体格检查 22 蓝光照射(每小时) 6 \
暖箱(每小时) 5 骨龄评定 45 小儿捏脊 35 小儿退热贴敷 7
PX06|治疗费|次 石膏固定(上肢) 130 石膏固定(下肢) 180 石膏拆除 42 夹板固定 75 手法复位 160 小儿桡骨小头半脱位复位 60 关节腔穿刺 82 \
关节腔注射 66 封闭治疗 45 牵引 28 骨折切开复位内固定术 2300 内固定取出术 1100 膝关节镜检查 1250 人工髋关节置换术 4600 \
腱鞘切开术 320 肩周炎松解 260 骨密度测定 95 支具佩戴指导 20
PX07|治疗费|次 视力检查 5 验光 22 眼压测定 12 裂隙灯检查 10 眼底照相 45 泪道冲洗 26 结膜异物取出 32 角膜异物取出 48 睑腺炎切开 70 \
白内障超声乳化术 2600 耳内镜检查 60 外耳道冲洗 18 耵聍取出 20 鼻内镜检查 96 鼻腔填塞止血 75 电子喉镜检查 150 \
扁桃体切除术 860 纯音听阈测定 40 声导抗测听 36 鱼刺取出 58 牙片 18 补牙(树脂) 150 拔牙(前牙) 60 拔牙(阻生牙) 320 \
根管治疗(单根) 280 洁牙 110 龋齿充填 85 口腔溃疡激光 55 活动义齿修复 460
PX08|治疗费|次 针刺 22 电针 30 艾灸 26 拔罐 20 刮痧 25 推拿治疗 55 穴位注射 28 穴位贴敷 24 中药熏洗 32 中药煎药 3 耳穴压豆 15 \
颈椎推拿 62 腰椎推拿 65 红外线照射 9 中频脉冲电治疗 16 超短波治疗 14 蜡疗 24 牵引推拿 58 运动疗法 46 作业疗法 42 \
偏瘫肢体训练 60 言语训练 50 吞咽功能训练 52 中药灌肠 28 小针刀 180
PX12|检查费|次 常规心电图 20 十二导联心电图 25 床旁心电图 32 动态心电图 190 动态血压监测 130 运动平板试验 210 心电向量图 38 \
脑电图 90 动态脑电图 260 肌电图 140 诱发电位 120 肺功能检查 105 支气管激发试验 180 支气管舒张试验 150 电子胃镜 220 \
无痛胃镜 560 电子结肠镜 300 无痛肠镜 640 支气管镜 380 胶囊内镜 2800 碳十三呼气试验 135 碳十四呼气试验 110 \
睡眠呼吸监测 420 经颅多普勒 130 人体成分分析 60 无创肝纤维化扫描 180 病理活检(小标本) 120 冰冻切片 260 免疫组化 150
PX09|检验费|次 血常规 18 血常规(五分类) 24 尿常规 11 便常规 8 便潜血 9 凝血四项 72 肝功能 60 肾功能 38 血糖 7 糖化血红蛋白 62 \
血脂四项 45 电解质 36 心肌酶谱 68 肌钙蛋白 85 脑钠肽 160 D-二聚体 70 C反应蛋白 26 超敏C反应蛋白 40 降钙素原 145 血沉 12 \
血型鉴定 18 ABO血型正反定型 22 RhD血型鉴定 20 交叉配血 45 抗体筛查 40 乙肝五项 65 丙肝抗体 38 梅毒抗体 30 艾滋病抗体 42 \
术前八项 210 甲状腺功能五项 165 性激素六项 220 血人绒毛膜促性腺激素 75 尿妊娠试验 14 肿瘤标志物(男) 360 肿瘤标志物(女) 390 \
甲胎蛋白 48 癌胚抗原 48 糖类抗原125 66 糖类抗原199 66 前列腺特异性抗原 72 铁蛋白 45 叶酸测定 50 维生素B12测定 52 \
维生素D测定 95 血清铁 15 钙测定 7 磷测定 7 镁测定 7 钾测定 8 钠测定 8 氯测定 8 尿酸 9 尿素 8 肌酐 9 胱抑素C 42 总蛋白 7 \
白蛋白 8 总胆红素 9 谷丙转氨酶 9 谷草转氨酶 9 碱性磷酸酶 9 淀粉酶 16 脂肪酶 32 乳酸 28 血氨 35 同型半胱氨酸 80 血气分析 78 \
网织红细胞计数 12 血涂片 15 疟原虫检查 20 类风湿因子 25 抗核抗体 60 抗链球菌溶血素O 22 免疫球蛋白三项 75 补体C3 25 补体C4 25 \
过敏原筛查 280 结核抗体 35 痰涂片抗酸染色 20 血培养 95 尿培养 70 痰培养 80 便培养 70 药敏试验 60 真菌培养 65 支原体抗体 48 \
衣原体抗体 48 甲型流感抗原 55 乙型流感抗原 55 呼吸道病毒核酸 190 新型冠状病毒核酸 16 幽门螺杆菌抗体 40 轮状病毒抗原 38 \
胸水常规 24 腹水常规 24 脑脊液常规 26 脑脊液生化 34 前列腺液常规 18 精液分析 60 白带常规 16 宫颈液基细胞学 160 \
人乳头瘤病毒分型 320 唐氏筛查 180 无创产前基因检测 1400 血药浓度测定 90 葡萄糖耐量试验 35 胰岛素释放试验 140 C肽释放试验 140
"""

_X_RAY = (
    "胸部 腹部 颈椎 胸椎 腰椎 骨盆 髋关节 膝关节 踝关节 肩关节 肘关节 腕关节 手部 足部 头颅 鼻骨 跟骨 锁骨"
)
_CT = "头颅 胸部 上腹部 下腹部 盆腔 颈椎 胸椎 腰椎 鼻窦 眼眶 颞骨 颈部 肾脏 膝关节 髋关节"
_MR = "头颅 颈椎 胸椎 腰椎 上腹部 盆腔 膝关节 肩关节 髋关节 踝关节 垂体 前列腺 乳腺"
_ULTRASOUND = "腹部 肝胆 泌尿系 妇科 产科 甲状腺 乳腺 颈动脉 下肢动脉 下肢静脉 心脏 阑尾 胃肠 浅表肿物 阴囊 前列腺 胸腔 新生儿颅脑"


def _imaging() -> Iterator[tuple[str, str, str, str]]:
    """Yield department, category, name, price of everything that is a method and a part of the body."""
    for part in _X_RAY.split():
        yield "PX10", "放射费", f"{part}X线正位", "48"
        yield "PX10", "放射费", f"{part}X线正侧位", "76"
    for part in _CT.split():
        yield "PX10", "CT费", f"{part}CT平扫", "190"
        yield "PX10", "CT费", f"{part}CT增强", "380"
    for part in _MR.split():
        yield "PX10", "磁共振费", f"{part}磁共振平扫", "420"
        yield "PX10", "磁共振费", f"{part}磁共振增强", "680"
    for part in _ULTRASOUND.split():
        yield "PX11", "超声费", f"{part}彩超", "110"
        yield "PX11", "超声费", f"{part}彩超(床旁)", "150"


_EXTRAS = ("加收(夜间)", "加收(节假日)", "加收(床旁)")

_ALIASES = {
    "血常规": "CBC 血细胞分析", "尿常规": "UA 尿分析", "常规心电图": "ECG 心电图", "肝功能": "LFT", "肾功能": "RFT",
    "胸部CT平扫": "CHEST CT", "电子胃镜": "胃镜", "电子结肠镜": "肠镜", "血气分析": "ABG", "静脉输液": "打点滴 IV",
    "肌肉注射": "打针 IM", "心肺复苏": "CPR", "糖化血红蛋白": "HbA1c", "凝血四项": "PT APTT", "血糖": "GLU",
}  # fmt: skip

PACKAGES = """
入院常规检查|PX02 血常规(五分类) 尿常规 便常规 肝功能 肾功能 电解质 凝血四项 常规心电图 胸部X线正位
术前检查|PX03 血常规(五分类) 凝血四项 术前八项 肝功能 肾功能 血型鉴定 常规心电图 胸部X线正位
发热门诊套餐|PX01 血常规(五分类) C反应蛋白 甲型流感抗原 乙型流感抗原 新型冠状病毒核酸
胸痛急诊套餐|PX01 十二导联心电图 肌钙蛋白 心肌酶谱 D-二聚体 血气分析 电解质
卒中急诊套餐|PX01 头颅CT平扫 血糖 凝血四项 电解质 十二导联心电图 血常规(五分类)
腹痛急诊套餐|PX01 血常规(五分类) 淀粉酶 脂肪酶 腹部彩超 尿常规
清创缝合套餐|PX03 清创缝合(小) 换药(小) 破伤风皮试 肌肉注射
门诊输液套餐|PX01 静脉输液 留置针穿刺 皮试(头孢)
小儿雾化套餐|PX05 小儿雾化 血氧饱和度监测 小儿退热贴敷
孕早期检查|PX04 产前检查 血常规 尿常规 血型鉴定 RhD血型鉴定 乙肝五项 甲状腺功能五项 产科彩超
孕中期检查|PX04 产前检查 血常规 尿常规 唐氏筛查 葡萄糖耐量试验 产科彩超
顺产套餐|PX04 顺产接生 胎心监护 新生儿护理 新生儿听力筛查 新生儿疾病筛查
糖尿病复查|PX02 血糖 糖化血红蛋白 血脂四项 肾功能 尿常规 眼底照相
高血压复查|PX02 血脂四项 肾功能 电解质 常规心电图 心脏彩超
甲状腺检查|PX02 甲状腺功能五项 甲状腺彩超 血常规
体检套餐(基础)|PX02 血常规 尿常规 肝功能 肾功能 血脂四项 血糖 常规心电图 腹部彩超 胸部X线正位
体检套餐(男)|PX02 血常规 肝功能 肾功能 血脂四项 血糖 肿瘤标志物(男) 前列腺彩超 腹部彩超 胸部CT平扫
体检套餐(女)|PX02 血常规 肝功能 肾功能 血脂四项 血糖 肿瘤标志物(女) 妇科彩超 乳腺彩超 宫颈液基细胞学
骨折石膏套餐|PX06 手法复位 石膏固定(上肢) 腕关节X线正侧位
颈肩痛理疗套餐|PX08 针刺 颈椎推拿 中频脉冲电治疗 拔罐
"""


def item_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``items``; codes of nine digits, the first four by department and category."""
    number = 0
    for line in _PLAIN.strip().splitlines():
        head, _, rest = line.partition(" ")
        department, category, unit = head.split("|")
        words = rest.split()
        for place, (name, price) in enumerate(zip(words[::2], words[1::2], strict=True)):
            number += 1
            yield _item(number, name, price, unit, category, department, 900 // (place + 1))
    imaging = list(_imaging())
    for place, (department, category, name, price) in enumerate(imaging):
        number += 1
        yield _item(number, name, price, "部位", category, department, 300 // (place % 36 + 1))
    for place, (department, category, name, _price) in enumerate(imaging):
        if number >= ITEMS:
            return
        number += 1
        extra = f"{name}{_EXTRAS[place % len(_EXTRAS)]}"
        yield _item(number, extra, "30", "次", category, department, 0)


ITEMS = 600


def _item(
    number: int, name: str, price: str, unit: str, category: str, department: str, uses: int
) -> dict[str, str]:
    return {
        "code": f"25{department[2:]}{number:05d}",
        "name": name,
        "unit": unit,
        "price": price,
        "category": category,
        "department": department,
        "alias": _ALIASES.get(name, ""),
        "uses": str(uses),
    }


def package_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``packages``."""
    for number, line in enumerate(PACKAGES.strip().splitlines(), 1):
        name, _, rest = line.partition("|")
        department = rest.split()[0]
        yield {
            "code": f"TC{number:03d}",
            "name": name,
            "unit": "套",
            "department": department,
            "uses": str(200 // number),
        }


def package_line_rows() -> Iterator[dict[str, str]]:
    """Yield the rows of ``package_lines``."""
    codes = {row["name"]: row["code"] for row in item_rows()}
    for number, line in enumerate(PACKAGES.strip().splitlines(), 1):
        for position, name in enumerate(line.partition("|")[2].split()[1:], 1):
            yield {
                "package": f"TC{number:03d}",
                "position": str(position),
                "code": codes[name],
                "quantity": "1",
            }
