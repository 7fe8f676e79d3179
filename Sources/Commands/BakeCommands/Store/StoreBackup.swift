import ArgumentParser
import BakeModel
import BakePipeline
import BlobStorage
import Glibc

/// `bake backup`: the whole store in another place.
struct StoreBackup: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "backup", abstract: "Copy the store to a directory, whole and verified.",
        discussion: """
            The copy is a store: 'bake --store DIR status' reads it. Into the directory of an earlier backup of the same \
            store only what is new is copied. Bakes and promotions may go on meanwhile.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("A directory: absent, empty, or an earlier backup.", valueName: "directory"))
    var directory: String

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        if session.options.isDryRun { return session.console.note("dry run: nothing copied") }
        let outcome = try StoreCopy(of: store, to: session.absolute(directory)).run()
        CopyReport(session: session).tell("backup", outcome, at: directory)
    }
}

/// `bake restore`: a store from a backup.
struct StoreRestore: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "restore", abstract: "Make the store again from a backup.",
        discussion: """
            The store must not be there. What happened after the backup is lost, and the ledger gets an entry that says so: \
            a checkpoint that was taken later shows that this store is older.
            """)

    @OptionGroup var global: GlobalOptions
    @Argument(help: ArgumentHelp("The directory that 'bake backup' wrote.", valueName: "backup"))
    var backup: String

    func run() throws {
        let session = CommandSession(global)
        let source = try source(session)
        guard access("\(session.storePath)/ledger.sqlite", F_OK) != 0 else {
            throw UsageError(
                subject: session.storePath, reason: "a store is there already",
                hint: "restore to another place, with --store, and compare: bake audit --export")
        }
        if session.options.isDryRun { return session.console.note("dry run: nothing restored") }
        let outcome = try StoreCopy(of: source, to: session.storePath)
            .run(restoredBy: (try session.actor(), session.now()))
        CopyReport(session: session).tell("restore", outcome, at: session.storePath)
    }

    private func source(_ session: CommandSession) throws -> BakeStore {
        do { return try BakeStore.openForReading(session.absolute(backup), program: session.program) } catch StoreError
            .notAStore
        {
            throw NoBackup(path: backup)
        }
    }
}

/// The directory to restore from is none that `bake backup` wrote.
struct NoBackup: ExplainedError, Hashable {
    let path: String
    var doing: String { "restore from" }
    var subject: String { path }
    var reason: String { "there is no backup" }
    var hint: String? { "name the directory that 'bake backup' wrote" }
    var exit: ExitCode { .notFound }
}

/// What a backup or a restore copied.
struct CopyReport {
    let session: CommandSession

    func tell(_ name: String, _ outcome: StoreCopy.Outcome, at place: String) {
        if session.options.json {
            return session.console.document([
                "schema": .string("bake/\(name)/1"), "entries": .number(outcome.entries),
                "blobs": .number(Int64(outcome.blobs)), "bytes": .number(Int64(clamping: outcome.bytes)),
            ])
        }
        let blobs = outcome.blobs == 1 ? "1 blob" : "\(outcome.blobs) blobs"
        session.console.result(
            "\(TerminalText.escaped(place))  entries 1 to \(outcome.entries)  \(blobs) copied, \(Wording.size(outcome.bytes))"
        )
    }
}
