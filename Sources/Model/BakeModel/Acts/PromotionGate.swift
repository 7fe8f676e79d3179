extension SlotMove {
    /// A gate that was asked, and what it said.
    public struct Gate: Hashable, Sendable {
        /// The policy's words, `after staging`.
        public let name: String
        /// Whether it was met.
        public let isMet: Bool
        /// What it was met by, or what is missing.
        public let explanation: String
        /// The command that meets it, where there is one.
        public let command: String?
        /// When it will be met by itself, where that is known.
        public let opens: Timestamp?
        /// The entries that met it.
        public let entries: [Int64]

        /// Describes a gate.
        public init(
            name: String, isMet: Bool, explanation: String, command: String? = nil, opens: Timestamp? = nil,
            entries: [Int64] = []
        ) {
            self.name = name
            self.isMet = isMet
            self.explanation = explanation
            self.command = command
            self.opens = opens
            self.entries = entries
        }

        /// The record's members.
        public var json: JSON {
            .record([
                "name": .string(name), "met": .bool(isMet), "explanation": .string(explanation),
                "command": command.map(JSON.string), "opens": opens.map { .string($0.description) },
                "entries": entries.isEmpty ? nil : .array(entries.map(JSON.number)),
            ])
        }

        init?(_ json: JSON) {
            guard let name = json["name"]?.string, let isMet = json["met"]?.bool,
                let explanation = json["explanation"]?.string, let command = json.optional("command", \.string),
                let opens = json.optional("opens", { $0.string.flatMap { Timestamp($0) } }),
                let entries = json.optional("entries", { $0.all(\.number) })
            else { return nil }
            self.init(
                name: name, isMet: isMet, explanation: explanation, command: command, opens: opens,
                entries: entries ?? [])
        }
    }
}
