/// Slots were closed to promotions, or opened again.
public struct SlotFreeze: RecordedAct {
    public static let kind = "freeze"

    /// How much is closed.
    public enum Scope: Hashable, Sendable, CustomStringConvertible {
        /// One slot.
        case slot(Slot)
        /// Every slot of an environment.
        case environment(EnvironmentName)
        /// Every slot of the store.
        case all

        /// `web:production`, `production`, `everything`.
        public var description: String {
            switch self {
            case .slot(let slot): slot.description
            case .environment(let environment): environment.text
            case .all: "everything"
            }
        }

        /// Whether there is a slot, or may be one, in both.
        public func overlaps(_ other: SlotFreeze.Scope) -> Bool {
            switch (self, other) {
            case (.all, _), (_, .all): true
            case (.environment(let one), .environment(let two)): one == two
            case (.environment(let name), .slot(let slot)), (.slot(let slot), .environment(let name)):
                slot.environment == name
            case (.slot(let one), .slot(let two)): one == two
            }
        }

        /// Whether every slot of the other one is in it.
        public func covers(_ other: SlotFreeze.Scope) -> Bool {
            switch (self, other) {
            case (.all, _): true
            case (.environment, .all), (.slot, .all), (.slot, .environment): false
            case (.environment, _), (.slot, _): overlaps(other)
            }
        }

        /// The command that opens it.
        public var thaw: String {
            switch self {
            case .slot(let slot): "bake thaw \(slot)"
            case .environment(let environment): "bake thaw --environment \(environment)"
            case .all: "bake thaw --all"
            }
        }
    }

    /// How much.
    public let scope: Scope
    /// Whether it is closed now.
    public let isFrozen: Bool
    /// Until when; until somebody thaws where nil.
    public let until: Timestamp?
    /// Why: `rolled back from 42`, or the words of who did it.
    public let reason: String?

    /// Describes a freeze or a thaw.
    public init(_ scope: Scope, isFrozen: Bool, until: Timestamp? = nil, reason: String?) {
        self.scope = scope
        self.isFrozen = isFrozen
        self.until = until
        self.reason = reason
    }

    /// Describes a freeze or a thaw of one slot.
    public init(slot: Slot, isFrozen: Bool, reason: String?) {
        self.init(.slot(slot), isFrozen: isFrozen, reason: reason)
    }

    public var subjects: [Subject] { [scope.subject] }

    public var body: JSON {
        var slot: JSON?
        var environment: JSON?
        var all: JSON?
        switch scope {
        case .slot(let name): slot = .string(name.description)
        case .environment(let name): environment = .string(name.text)
        case .all: all = true
        }
        return .record([
            "slot": slot, "environment": environment, "all": all, "frozen": .bool(isFrozen),
            "until": until.map { .string($0.description) }, "reason": reason.map(JSON.string),
        ])
    }

    public init?(body: JSON) {
        guard let slot = body.optional("slot", { $0.string.flatMap { Slot($0) } }),
            let environment = body.optional("environment", { $0.string.flatMap { EnvironmentName($0) } }),
            let all = body.optional("all", { $0.bool == true ? Scope.all : nil }),
            let isFrozen = body["frozen"]?.bool,
            let until = body.optional("until", { $0.string.flatMap { Timestamp($0) } }),
            let reason = body.optional("reason", \.string)
        else { return nil }
        let scopes = [slot.map(Scope.slot), environment.map(Scope.environment), all].compactMap(\.self)
        guard scopes.count == 1, let scope = scopes.first else { return nil }
        self.init(scope, isFrozen: isFrozen, until: until, reason: reason)
    }
}

extension SlotFreeze.Scope {
    /// What an entry about it moves.
    public var subject: Subject {
        switch self {
        case .slot(let slot): .slot(slot)
        case .environment(let environment): .environment(environment)
        case .all: .environments
        }
    }
}
