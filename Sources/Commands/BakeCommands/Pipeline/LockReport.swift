import BakeModel
import BakePipeline

/// What a new lock changes, for those who review it: a table for people, or a document
/// `{"schema","lock","changed","packages":[{"stage","name","old","new","size","security"}],"others":[…],"unknown":[…]}`.
/// `old` and `new` are versions, null for a package that is new or gone; `size` is the new file's bytes; `unknown` names stages
/// that only a build tells about.
struct LockReport {
    static let schema = "bake/lock-changes/1"
    private let changes: LockChanges
    private let file: TreePath
    private let unknown: [StageName]

    init(_ changes: LockChanges, of file: TreePath, unknown: [StageName]) {
        self.changes = changes
        self.file = file
        self.unknown = unknown
    }

    /// Prints it: the table to standard error, the lock's path or the document to standard output.
    func tell(_ session: CommandSession) {
        for line in lines { session.console.note(line) }
        if session.options.json { return session.console.document(json) }
        session.console.result(TerminalText.escaped(file.description))
    }

    /// The table, then everything else that changed. A stage that was not locked before is one line.
    var lines: [String] {
        var table = TextTable()
        let added = Set(changes.added.map(\.stage))
        let rows = changes.packages.filter { !added.contains($0.stage) }
        for change in rows {
            table.add([
                change.stage.text, change.name, versions(of: change),
                change.new.map { Wording.size($0.size) } ?? "", change.isSecurity ? "security" : "",
            ])
        }
        var lines = changes.added.map(Self.line) + table.lines
        lines += changes.others.map(TerminalText.escaped)
        lines += unknown.map { "\($0)  not looked at: only building what is below tells; bake lock without --dry-run" }
        if !rows.isEmpty { lines.append(summary(of: rows)) }
        return lines.isEmpty ? ["nothing changed"] : lines
    }

    private static func line(_ added: LockChanges.AddedStage) -> String {
        let count = added.packages == 1 ? "1 package" : "\(added.packages) packages"
        return "\(added.stage)  \(count) of \(added.suite)"
    }

    private func versions(of change: LockChanges.PackageChange) -> String {
        switch (change.old?.version, change.new?.version) {
        case (let old?, let new?): old == new ? "\(new), other bytes" : "\(old) -> \(new)"
        case (nil, let new?): "new -> \(new)"
        case (let old, nil): "\(old ?? "") -> gone"
        }
    }

    private func summary(of rows: [LockChanges.PackageChange]) -> String {
        let fresh = rows.compactMap(\.new)
        let size = fresh.reduce(UInt64(0)) { $0 &+ $1.size }
        let security = rows.filter(\.isSecurity).count
        let count = rows.count == 1 ? "1 package differs" : "\(rows.count) packages differ"
        return "\(count), \(security) from security archives, \(Wording.size(size)) to fetch"
    }

    private var json: JSON {
        [
            "schema": .string(Self.schema), "lock": .string(file.description), "changed": .bool(!changes.isEmpty),
            "packages": .array(changes.packages.map(Self.json)), "others": .array(changes.others.map(JSON.string)),
            "unknown": .array(unknown.map { .string($0.text) }),
        ]
    }

    private static func json(_ change: LockChanges.PackageChange) -> JSON {
        [
            "stage": .string(change.stage.text), "name": .string(change.name),
            "old": change.old.map { .string($0.version) } ?? .null,
            "new": change.new.map { .string($0.version) } ?? .null,
            "size": change.new.map { .number(Int64(clamping: $0.size)) } ?? .null, "security": .bool(change.isSecurity),
        ]
    }
}
