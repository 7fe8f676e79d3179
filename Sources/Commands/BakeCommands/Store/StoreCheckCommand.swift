import ArgumentParser
import BakeModel
import BakePipeline

/// `bake fsck`: whether everything in the store is what it says it is.
struct StoreCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        of: "bake", commandName: "fsck",
        abstract: "Check every blob, every document, every layer's tar, and the ledger.",
        discussion: """
            --repair lays damaged blobs aside, into quarantine/, so that a bake can put good ones in their place, and makes \
            index.json and the views of the ledger again. It says what is lost and which generations need it. Entries of \
            the ledger are never touched.
            Exit 0 where the store is sound, or sound again; 5 where something is damaged or lost.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(help: "Lay damaged blobs aside, and make index.json and the views again.")
    var repair = false

    func run() throws {
        let session = CommandSession(global)
        let report = CheckReport(session: session)
        guard repair, !session.options.isDryRun else {
            let found = try StoreExamination(try session.openStore(readOnly: true))
            report.tell(found)
            if !found.isSound { throw SilentExit(code: .damaged) }
            return
        }
        // Also with no byte free, and with an index that cannot be read.
        let (found, repair) = try session.withUrgentStore { store in
            let found = try StoreExamination(store)
            return (found, try StoreRepair(store, found))
        }
        report.tell(found, repair)
        if !repair.left.isSound { throw SilentExit(code: .damaged) }
    }
}
