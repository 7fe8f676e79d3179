import BakeModel
import BakePipeline
import EnvironmentPromotion

/// What people did, for people and for programs: a line for each entry, the latest first.
struct ActsReport {
    let session: CommandSession
    let entries: [Entry]
    /// What each of them changed in the policy; nothing for most.
    private let changes: [[String]]
    /// When each was written at the latest: its own time, but where the clock was ahead, that of the correction.
    private let times: [Timestamp]

    init(session: CommandSession, entries: [Entry], in store: BakeStore) throws {
        self.session = session
        self.entries = entries
        // The document has the entries as they are.
        changes = session.options.json ? [] : try entries.map { try Self.changes($0, in: store) }
        times = try entries.map(store.promotion.time)
    }

    func tell(asCSV: Bool) {
        if session.options.json {
            return session.console.document(document)
        }
        if asCSV {
            session.console.result("entry,time,actor,kind,what,reason,bound")
            for ((entry, changes), time) in zip(zip(entries, changes), times) {
                let fields = [
                    String(entry.sequence), time.description, entry.actor.text, entry.act.kind,
                    Self.what(entry, changes), Self.reason(entry) ?? "", Self.bound(entry, time) ?? "",
                ]
                session.console.result(fields.map(AuditReport.quoted).joined(separator: ","))
            }
            return
        }
        if entries.isEmpty { session.console.note("nobody of that name did anything") }
        var table = TextTable()
        for (entry, time) in zip(entries, times) {
            let reason = Self.reason(entry).map { "\"\($0)\"" } ?? ""
            table.add([
                "entry \(entry.sequence)", (Self.bound(entry, time).map { "\($0) " } ?? "") + session.local(time),
                entry.actor.text,
                Self.what(entry),
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

    /// How the time of an entry is to be read whose clock was ahead, or behind.
    private static func bound(_ entry: Entry, _ time: Timestamp) -> String? {
        if time < entry.time { return "before" }
        return entry.slowClock == nil ? nil : "after"
    }

    /// The entries as they are, and beside them when those were written at the latest whose clock was ahead.
    private var document: JSON {
        let corrected = zip(entries, times).filter { $0.time > $1 }.map { entry, time -> JSON in
            ["entry": .number(entry.sequence), "before": .string(time.description)]
        }
        return .record([
            "schema": "bake/acts/1", "entries": .array(entries.map(\.json)),
            "corrected": corrected.isEmpty ? nil : .array(corrected),
        ])
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
                + glass(entry).map { " \($0)" }.joined()
        }
        let target = body["signed"]?["statement"]?["targets"]?.items?.first
        let signed = ["approval", "review"].contains(entry.act.kind) ? target.map(Self.words) ?? [] : []
        return ([entry.act.kind] + words(body) + signed + frozen(body) + tested(body) + collected(body) + glass(entry))
            .joined(separator: " ")
    }

    /// Why, in their words: of an approval, those that were signed.
    static func reason(_ entry: Entry) -> String? {
        entry.sharedBody["reason"]?.string ?? entry.sharedBody["signed"]?["statement"]?["reason"]?.string
    }

    private static func glass(_ entry: Entry) -> [String] {
        entry.sharedBody["broken-glass"]?.string.map { ["GLASS BROKEN \"\($0)\""] } ?? []
    }

    private static func frozen(_ body: JSON) -> [String] {
        guard let freeze = SlotFreeze(body: body) else { return [] }
        // A slot stands among the words already.
        let scope = body["slot"] == nil ? [freeze.scope.description] : []
        return scope + [freeze.isFrozen ? "frozen" : "thawed"]
            + (freeze.until.map { ["until", $0.description] } ?? [])
    }

    private static func collected(_ body: JSON) -> [String] {
        let names = ImageCollection(body: body)?.generations.map(\.description) ?? []
        return names.count > 5 ? names.prefix(4) + ["and \(names.count - 4) more"] : names
    }

    private static func tested(_ body: JSON) -> [String] {
        TestRecord(body: body).map { [$0.image.short, $0.name, $0.verdict.text] } ?? []
    }

    private static func words(_ body: JSON) -> [String] {
        ["direction", "slot", "generation", "from", "to"].compactMap { key -> String? in
            guard let text = body[key]?.string else { return nil }
            return key == "to" ? "-> \(text)" : text
        }
    }
}
