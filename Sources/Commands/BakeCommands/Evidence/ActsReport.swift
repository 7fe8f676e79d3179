import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What people did, for people and for programs: a line for each entry, the latest first.
struct ActsReport {
    let session: CommandSession
    let entries: [Entry]
    /// What each of them changed in the policy; nothing for most.
    private let changes: [[String]]

    init(session: CommandSession, entries: [Entry], in store: BakeStore) throws {
        self.session = session
        self.entries = entries
        // The document has the entries as they are.
        changes = session.options.json ? [] : try entries.map { try Self.changes($0, in: store) }
    }

    func tell(asCSV: Bool) {
        if session.options.json {
            return session.console.document(["schema": "bake/acts/1", "entries": .array(entries.map(\.json))])
        }
        if asCSV {
            session.console.result("entry,time,actor,kind,what,reason")
            for (entry, changes) in zip(entries, changes) {
                let fields = [
                    String(entry.sequence), entry.time.description, entry.actor.text, entry.act.kind,
                    Self.what(entry, changes), Self.reason(entry) ?? "",
                ]
                session.console.result(fields.map(AuditReport.quoted).joined(separator: ","))
            }
            return
        }
        if entries.isEmpty { session.console.note("nobody of that name did anything") }
        var table = TextTable()
        for entry in entries {
            let reason = Self.reason(entry).map { "\"\($0)\"" } ?? ""
            table.add([
                "entry \(entry.sequence)", session.local(entry.time), entry.actor.text, Self.what(entry),
                reason,
            ])
        }
        for (line, changes) in zip(table.lines, changes) {
            session.console.result(TerminalText.escaped(line))
            for change in changes {
                session.console.result("  \(TerminalText.escaped(change))")
            }
        }
    }

    /// What an entry was about: a policy by what it changed, everything else in the entry's own words.
    static func what(_ entry: Entry, in store: BakeStore) throws -> String {
        what(entry, try changes(entry, in: store))
    }

    private static func what(_ entry: Entry, _ changes: [String]) -> String {
        changes.isEmpty ? what(entry) : "\(what(entry)) \(changes.joined(separator: "; "))"
    }

    private static func changes(_ entry: Entry, in store: BakeStore) throws -> [String] {
        guard let applied = try PolicyApplied(entry) else { return [] }
        return PolicyChanges(from: try store.promotion.policy(before: entry.sequence), to: applied.policy).lines
    }

    private static func what(_ entry: Entry) -> String {
        let body = entry.act.body
        // What moved as one is told as one.
        if let moves = body["moves"]?.items {
            return ([entry.act.kind] + moves.map { Self.words($0).joined(separator: " ") }).joined(separator: ", ")
                + glass(moves.first ?? .null).map { " \($0)" }.joined()
        }
        let target = body["signed"]?["statement"]?["targets"]?.items?.first
        let signed = ["approval", "review"].contains(entry.act.kind) ? target.map(Self.words) ?? [] : []
        return ([entry.act.kind] + words(body) + signed + frozen(body) + tested(body) + collected(body) + glass(body))
            .joined(separator: " ")
    }

    /// Why, in their words; of several moves that are one, each has the one reason.
    static func reason(_ entry: Entry) -> String? {
        let body = entry.act.body
        return (body["moves"]?.items?.first ?? body)["reason"]?.string
    }

    private static func glass(_ body: JSON) -> [String] {
        body["broken-glass"]?.string.map { ["GLASS BROKEN \"\($0)\""] } ?? []
    }

    private static func frozen(_ body: JSON) -> [String] {
        guard let isFrozen = body["frozen"]?.bool else { return [] }
        let scope = body["environment"]?.string ?? (body["all"] == nil ? nil : "everything")
        return (scope.map { [$0] } ?? []) + [isFrozen ? "frozen" : "thawed"]
            + (body["until"]?.string.map { ["until", $0] } ?? [])
    }

    private static func collected(_ body: JSON) -> [String] {
        let names = (body["generations"]?.items ?? []).compactMap(\.string)
        return names.count > 5 ? names.prefix(4) + ["and \(names.count - 4) more"] : names
    }

    private static func tested(_ body: JSON) -> [String] {
        guard let facts = body["verdict"].flatMap(VerdictFacts.init), let image = body["image"]?.namedDigest,
            let name = body["name"]?.string
        else { return [] }
        return [image.short, name, facts.text]
    }

    private static func words(_ body: JSON) -> [String] {
        ["direction", "slot", "generation", "from", "to"].compactMap { key -> String? in
            guard let text = body[key]?.string else { return nil }
            return key == "to" ? "-> \(text)" : text
        }
    }
}
