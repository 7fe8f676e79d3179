/// What holds for one environment.
public struct EnvironmentPolicy: Hashable, Sendable {
    /// Its name.
    public let name: EnvironmentName
    /// The environment whose slot must have held the generation first.
    public var after: EnvironmentName?
    /// How long the image must have been there, or where there is no such environment, must have existed.
    public var soak: TimeSpan?
    /// Who must have signed.
    public var approve: ApprovalRule?
    /// When promotions are taken; at any time where empty.
    public var windows: [PromotionWindow]
    /// What the reason must match, in RE2's syntax.
    public var reason: String?
    /// The operator's own checks.
    public var spec: PolicyDocument?
    /// What else must be proved of the generation.
    public var require: [Requirement]
    /// How many of the last promoted generations are never collected.
    public var keep: Int?
    /// How long images that were here are kept.
    public var retain: TimeSpan?
    /// Whether drafts may come here.
    public var drafts: Bool
    /// The pipelines whose passing bakes move here by themselves; each once, sorted by name.
    public let auto: [PipelineName]

    /// Something that must be proved of a generation.
    public enum Requirement: String, Hashable, Sendable, CaseIterable {
        /// A rebake gave the same bytes, or the same content.
        case rebaked
        /// A key of the policy's builders signed how it was made: SLSA provenance of this very image and commit.
        case provenance
    }

    /// Describes an environment.
    public init(
        name: EnvironmentName, after: EnvironmentName? = nil, soak: TimeSpan? = nil, approve: ApprovalRule? = nil,
        windows: [PromotionWindow] = [], reason: String? = nil, spec: PolicyDocument? = nil,
        require: [Requirement] = [], keep: Int? = nil, retain: TimeSpan? = nil, drafts: Bool = false,
        auto: [PipelineName] = []
    ) {
        self.name = name
        self.after = after
        self.soak = soak
        self.approve = approve
        self.windows = windows
        self.reason = reason
        self.spec = spec
        self.require = require
        self.keep = keep
        self.retain = retain
        self.drafts = drafts
        self.auto = Set(auto).sorted()
    }

    /// The record's value.
    public var json: JSON {
        .record([
            "name": .string(name.text), "after": after.map { .string($0.text) },
            "soak": soak.map { .number($0.seconds) }, "approve": approve?.json,
            "windows": windows.isEmpty ? nil : .array(windows.map { .string($0.description) }),
            "reason": reason.map(JSON.string), "spec": spec?.json,
            "require": require.isEmpty ? nil : .array(require.map { .string($0.rawValue) }),
            "keep": keep.map { .number(Int64($0)) }, "retain": retain.map { .number($0.seconds) },
            "drafts": drafts ? .bool(true) : nil, "auto": auto.isEmpty ? nil : .array(auto.map { .string($0.text) }),
        ])
    }

    private static let members: Set<String> = [
        "name", "after", "soak", "approve", "windows", "reason", "spec", "require", "keep", "retain", "drafts", "auto",
    ]

    /// Reads what `json` wrote. An unknown member is refused: it may be a gate, and a gate is never ignored.
    public init?(_ json: JSON) {
        let duration = { (json: JSON) in json.number.flatMap { TimeSpan(seconds: $0) } }
        guard let members = json.members, Set(members.keys).isSubset(of: Self.members),
            let name = json["name"]?.string.flatMap({ EnvironmentName($0) }),
            let after = json.optional("after", { $0.string.flatMap { EnvironmentName($0) } }),
            let soak = json.optional("soak", duration), let approve = json.optional("approve", ApprovalRule.init),
            let windows = json.optional("windows", { $0.all { $0.string.flatMap { PromotionWindow($0) } } }),
            let reason = json.optional("reason", \.string), let spec = json.optional("spec", PolicyDocument.init),
            let require = json.optional("require", { $0.all { $0.string.flatMap(Requirement.init) } }),
            let keep = json.optional("keep", \.count), let retain = json.optional("retain", duration),
            let drafts = json.optional("drafts", \.bool),
            let auto = json.optional("auto", { $0.all { $0.string.flatMap { PipelineName($0) } } })
        else { return nil }
        self.init(
            name: name, after: after, soak: soak, approve: approve, windows: windows ?? [], reason: reason, spec: spec,
            require: require ?? [], keep: keep, retain: retain, drafts: drafts ?? false,
            auto: auto ?? [])
    }
}
