import ArgumentParser
import BakeModel
import BakePipeline
import BlobStorage
import LedgerDatabase
import TarArchive

/// `bake fsck`: whether everything in the store is what it says it is.
struct StoreCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fsck", abstract: "Check every blob, every document, every layer's tar, and the ledger.")

    @OptionGroup var global: GlobalOptions

    func run() throws {
        let session = CommandSession(global)
        let store = try session.openStore(readOnly: true)
        let blobs = try store.blobs.check(roots: try roots(store)) { descriptor, diffID in
            let summary = try ArchiveReader.read(try store.blobs.open(descriptor.digest)) { _, _ in }
            return summary.diffID == diffID ? nil : "its tar hashes to \(summary.diffID), the image says \(diffID)"
        }
        let ledger = try store.audit.verify()
        let damage = blobs.filter(\.isDamage)
        if session.options.json { session.console.document(json(blobs, ledger)) } else { tell(blobs, ledger, session) }
        if !damage.isEmpty || !ledger.isEmpty { throw SilentExit(code: .damaged) }
    }

    /// What the ledger says must be there, whatever the index says.
    private func roots(_ store: BakeStore) throws -> [ContentDescriptor] {
        try store.blobsOfBuilds()
            + store.generations.all().flatMap { found in
                [(found.record.image, found.record.imageSize), (found.record.evidence, found.record.evidenceSize)].map {
                    ContentDescriptor(
                        mediaType: MediaType.manifest, digest: $0, size: $1, artifactType: nil, annotations: [:])
                }
            }
    }

    private func tell(_ blobs: [StoreFinding], _ ledger: [LedgerFinding], _ session: CommandSession) {
        for finding in blobs where finding.isDamage {
            session.console.result(
                TerminalText.escaped("damaged  \(finding.subject)  \(finding.kind.rawValue): \(finding.explanation)"))
        }
        for finding in ledger {
            session.console.result(
                TerminalText.escaped("damaged  ledger entry \(finding.entry ?? 0)  \(finding.explanation)"))
        }
        let spare = blobs.count { !$0.isDamage }
        if blobs.allSatisfy({ !$0.isDamage }), ledger.isEmpty { session.console.result("the store is sound") }
        if spare > 0 { session.console.note("\(spare) files are named by nothing (drafts, packages, leftovers)") }
    }

    private func json(_ blobs: [StoreFinding], _ ledger: [LedgerFinding]) -> JSON {
        [
            "schema": "bake/fsck/1",
            "blobs": .array(
                blobs.map {
                    [
                        "kind": .string($0.kind.rawValue), "subject": .string($0.subject),
                        "explanation": .string($0.explanation), "damage": .bool($0.isDamage),
                    ]
                }),
            "ledger": .array(
                ledger.map {
                    [
                        "entry": $0.entry.map(JSON.number) ?? .null, "kind": .string($0.kind.rawValue),
                        "explanation": .string($0.explanation),
                    ]
                }),
        ]
    }
}
