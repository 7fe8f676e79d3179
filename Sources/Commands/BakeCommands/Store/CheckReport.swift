import BakeModel
import BakePipeline
import BlobStorage
import LedgerDatabase

/// What `bake fsck` tells.
struct CheckReport {
    let session: CommandSession

    func tell(_ found: StoreExamination, _ repair: StoreRepair? = nil) {
        if session.options.json { return session.console.document(json(found, repair)) }
        for line in lines(found) { result(line) }
        if let repair { for line in lines(repair) { result(line) } }
        if (repair?.left ?? found).isSound { session.console.result("the store is sound") }
        let spare = found.blobs.count { !$0.isDamage }
        if spare > 0 {
            let files = spare == 1 ? "1 file besides belongs" : "\(spare) files besides belong"
            session.console.note("\(files) to no generation, which is no fault: packages of locks, drafts, leftovers")
        }
        if !found.isSound, repair == nil { session.console.note("hint: bake fsck --repair") }
    }

    private func result(_ line: String) { session.console.result(TerminalText.escaped(line)) }

    private func lines(_ found: StoreExamination) -> [String] {
        found.blobs.filter(\.isDamage).map { "damaged  \($0.subject)  \($0.kind.rawValue): \($0.explanation)" }
            + found.ledger.map { "damaged  ledger entry \($0.entry ?? 0)  \($0.explanation)" }
    }

    private func lines(_ repair: StoreRepair) -> [String] {
        var lines = repair.laidAside.map { "laid aside  \($0.name)  now \($0.place)" }
        lines += repair.rebuilt.map { "rebuilt  \($0)" }
        for loss in repair.losses {
            let name = loss.generation.id
            if !loss.image.isEmpty {
                lines.append("lost  \(name)  \(Self.blobs(loss.image)) of its image:  bake rebake \(name)")
            }
            if !loss.evidence.isEmpty {
                let files = loss.evidence.map { "blobs/sha256/\($0.hex)" }.joined(separator: " ")
                lines.append("lost  \(name)  \(Self.blobs(loss.evidence)) of its evidence; from a backup: \(files)")
            }
        }
        lines += repair.otherLosses.map { "lost  \($0)  of no generation; from a backup: blobs/sha256/\($0.hex)" }
        if !repair.left.ledger.isEmpty {
            lines.append("lost  entries of the ledger: restore ledger.sqlite from a backup")
        }
        return lines
    }

    private static func blobs(_ digests: [Digest]) -> String { "\(digests.count) blob\(digests.count == 1 ? "" : "s")" }

    private func json(_ found: StoreExamination, _ repair: StoreRepair?) -> JSON {
        .record([
            "schema": "bake/fsck/1", "blobs": .array(found.blobs.map(Self.json)),
            "ledger": .array(found.ledger.map(Self.json)), "repair": repair.map(json),
        ])
    }

    private func json(_ repair: StoreRepair) -> JSON {
        [
            "sound": .bool(repair.left.isSound),
            "quarantined": .array(
                repair.laidAside.map { ["name": .string($0.name), "place": .string($0.place)] }),
            "rebuilt": .array(repair.rebuilt.map(JSON.string)),
            "lost-others": .array(repair.otherLosses.map { .string($0.description) }),
            "lost": .array(
                repair.losses.map { loss in
                    [
                        "generation": .string(loss.generation.id.description),
                        "image": .array(loss.image.map { .string($0.description) }),
                        "evidence": .array(loss.evidence.map { .string($0.description) }),
                    ]
                }),
        ]
    }

    private static func json(_ finding: StoreFinding) -> JSON {
        [
            "kind": .string(finding.kind.rawValue), "subject": .string(finding.subject),
            "explanation": .string(finding.explanation), "damage": .bool(finding.isDamage),
        ]
    }

    private static func json(_ finding: LedgerFinding) -> JSON {
        [
            "entry": finding.entry.map(JSON.number) ?? .null, "kind": .string(finding.kind.rawValue),
            "explanation": .string(finding.explanation),
        ]
    }
}
