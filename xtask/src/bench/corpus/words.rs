//! The words that the corpus is made of. All of it is invented; no person, school or event is meant.

/// The cities: id, name.
pub(super) const CITIES: [(&str, &str); 16] = [
    ("jinan", "济南"),
    ("qingdao", "青岛"),
    ("zibo", "淄博"),
    ("zaozhuang", "枣庄"),
    ("dongying", "东营"),
    ("yantai", "烟台"),
    ("weifang", "潍坊"),
    ("jining", "济宁"),
    ("taian", "泰安"),
    ("weihai", "威海"),
    ("rizhao", "日照"),
    ("linyi", "临沂"),
    ("dezhou", "德州"),
    ("liaocheng", "聊城"),
    ("binzhou", "滨州"),
    ("heze", "菏泽"),
];

/// The specialties: id, name.
pub(super) const SPECIALTIES: [(&str, &str); 16] = [
    ("cnc", "数控加工"),
    ("electrical", "电气自动化"),
    ("robot", "工业机器人"),
    ("auto-repair", "汽车维修"),
    ("new-energy", "新能源汽车"),
    ("welding", "焊接加工"),
    ("network", "计算机网络"),
    ("mechatronics", "机电一体化"),
    ("e-commerce", "电子商务"),
    ("logistics", "现代物流"),
    ("cooking", "烹饪"),
    ("nursing", "护理"),
    ("preschool", "幼儿教育"),
    ("construction", "建筑施工"),
    ("mould", "模具制造"),
    ("chemistry", "化工工艺"),
];

/// Terms of the built-in vocabularies, with their names.
pub(super) const NOTICES: [(&str, &str); 4] = [
    ("notice", "通知"),
    ("policy", "政策"),
    ("publicity", "公示"),
    ("service", "服务公示"),
];
pub(super) const NEWS: [(&str, &str); 5] = [
    ("reform", "改革动态"),
    ("research", "教研活动"),
    ("experience", "改革经验"),
    ("group", "教研组活动"),
    ("campus", "校园文化"),
];
pub(super) const RESOURCES: [(&str, &str); 9] = [
    ("result", "优秀成果"),
    ("paper", "论文"),
    ("lesson-plan", "教案"),
    ("reform-course", "教改课程"),
    ("micro-lesson", "微课"),
    ("mooc", "慕课"),
    ("spoc", "SPOC"),
    ("tool", "工具模板"),
    ("manual", "手册"),
];
pub(super) const AUDIENCES: [(&str, &str); 4] = [
    ("student", "在校生"),
    ("employee", "企业职工"),
    ("veteran", "退役军人"),
    ("teacher", "教师"),
];
pub(super) const FORMATS: [(&str, &str); 4] = [
    ("text", "文本"),
    ("image", "图形图像"),
    ("video", "视频"),
    ("simulation", "仿真模拟"),
];
pub(super) const SCHOOLS: [(&str, &str); 3] = [
    ("technician-college", "技师学院"),
    ("senior", "高级技工学校"),
    ("ordinary", "技工学校"),
];

/// The 109 tags.
pub(super) const TAGS: &str = "\
    微课 教案 说课 听评课 一体化教学 工学结合 校企合作 课程思政 技能竞赛 实训安全 备课 作业设计 过程评价 学业评价 题库 工作页 活页教材 \
    数字资源 虚拟仿真 数字孪生 混合教学 翻转课堂 项目教学 任务驱动 案例教学 分组教学 双师型 师资培训 青年教师 名师工作室 教研组 课题研究 \
    教学成果 论文写作 调研报告 专业建设 课程标准 人才培养 学徒制 顶岗实习 就业指导 创新创业 工匠精神 劳动教育 心理健康 班级管理 家校共育 \
    校园文化 社团活动 阅读 书法 体育 美育 普通话 数学 语文 英语 物理 德育 信息技术 数控车 数控铣 加工中心 车工 钳工 焊工 电工 钣金 喷涂 \
    模具 测量 公差 机械制图 夹具 刀具 液压 气动 变频器 伺服 传感器 单片机 电机 配电 机器人编程 视觉检测 工业网络 路由 交换 网页设计 \
    数据库 云计算 短视频 直播 店铺运营 仓储 配送 面点 刀工 营养 照护 急救 绘本 手工 测绘 钢筋 混凝土 装配式 化验 环保";

pub(super) const PEOPLE: &str = "授课教师 教研组长 专业带头人 青年教师 实训指导教师 企业导师 班主任 评课专家 参训学员 学生小组 \
    教务处 实训中心 牵头学校 成员学校 合作企业 兄弟院校 中心教研组 评审小组 课题组 竞赛教练 教材编写组 资源建设团队 \
    各市教研室 项目负责人 巡回指导组";

pub(super) const ACTIONS: &str = "梳理 比较 记录 讨论 修订 演示 拆解 复盘 验证 汇总 展示 分析 抽查 重写 测试 改进 \
    归纳 推广 检查 核对 补充 公布 整理 编写 观摩 打磨 模拟 评价 跟踪 采集";

pub(super) const OBJECTS: &str = "典型工作任务 岗位能力清单 教学设计 课堂实录 评分细则 操作步骤 故障现象 测量数据 学习任务书 工艺卡片 \
    安全规程 学生作品 教学视频 题目难度 课时安排 设备台账 课程标准 校本教材 案例材料 教学反思 过程性评价表 学情调查 实训报告 毕业设计 \
    技能鉴定标准 虚拟仿真场景 在线作业 数字教材 讨论记录 企业反馈";

pub(super) const MANNERS: &str = "逐项 当场 分批 按计划 共同 认真 重新 连续三周 利用课余时间 结合岗位实际 对照标准 \
    借助仿真软件 以小组为单位 围绕真实订单 从易到难 在企业现场 通过线上平台 面向全体学生 依据评价结果 提前两天";

pub(super) const PLACES: &str = "实训车间 多媒体教室 机房 仿真实验室 企业生产线 图书馆 报告厅 钳工区 焊接工位 电工实训台 \
    汽修举升机旁 数控机床前 烹饪操作间 护理示教室 物流仓库 线上会议室 操场 测量室 模具间 化验室";

pub(super) const RESULTS: &str = "合格率明显提高 返工次数减少 课堂节奏更紧凑 学生敢于提问 材料浪费下降 评分更加一致 备课时间缩短 \
    步骤遗漏基本消失 新教师上手更快 资源得到重复使用 家长反映良好 企业愿意提供岗位 操作更加规范 学生能够独立判断故障 小组分工更加清楚 \
    课后作业完成得更扎实 数据可以追溯 同类问题不再出现 教案便于共享 评价有了依据";

pub(super) const REASONS: &str = "学生基础差别较大 设备数量有限 以往教材更新较慢 岗位要求变化很快 单凭经验难以说清 课时十分紧张 \
    多数学校缺少同类案例 企业标准与课本并不一致 视频只能看不能练 评分尺度不统一 新设备刚刚到位 教师来自不同专业 学员年龄跨度大 \
    安全责任必须落实 前期调研发现了短板 练习与考核脱节";

pub(super) const CONNECTIVES: &str = "因此， 与此同时， 在此基础上， 随后， 实践表明， 需要说明的是， 从数据看， 按照安排， 此外， 值得注意的是， 总的来看， 课后， 相比之下， 具体来说，";

pub(super) const HEADINGS: &str = "背景与目标 组织方式 主要做法 实施步骤 课堂观察 数据分析 常见问题 改进措施 取得的成效 存在的不足 \
    下一步安排 报送要求 时间安排 评价办法 经费与保障 安全要求 教学准备 教学过程 学生反馈 专家点评 推广建议 参考资料 岗位分析 资源清单";

pub(super) const EVENTS: &str = "研讨课 观摩活动 听评课 集体备课 说课比赛 技能比武 专题培训 经验交流会 课程评审 资源征集 调研 成果展示 \
    教学开放日 线上沙龙 实训考核 教案评比";

pub(super) const TOPICS: &str = "一体化课程改革 过程性评价 微课制作 工作页开发 校企共建课程 数字资源应用 故障诊断教学 安全文明生产 \
    分层教学 学习任务设计 实训耗材管理 毕业综合实训 技能等级认定 教学诊断与改进 虚拟仿真教学 新标准解读 工匠精神培育 跨校联合教研";

pub(super) const LANDMARKS: &str = "海湾 碧海 港城 泰山 泉城 黄河 运河 沂蒙 牡丹 胜利 鲁中 齐都 东岳 昆嵛 微山 白浪 文登 \
    长山 蓬莱 云门";
