import BakeModel
import GRDB

/// A walk along the chain that believes nothing but the bytes of the lines.
struct ChainCheck {
    private(set) var findings: [LedgerFinding] = []
    /// What the entries make the heads.
    private(set) var heads: [Subject: Int64] = [:]
    private var end: ChainEnd?
    private var expected: [Int64: Digest]

    init(knowing checkpoints: [LedgerCheckpoint]) {
        expected = Dictionary(checkpoints.map { ($0.sequence, $0.hash) }, uniquingKeysWith: { first, _ in first })
    }

    /// Looks at the next line.
    /// - Returns: its entry; nil where it is none.
    mutating func take(_ line: StoredLine) -> Entry? {
        let number = line.sequence
        let hash = Digest.of(line.line)
        let wanted = (end?.sequence ?? 0) + 1
        if number != wanted { note(.gap, number, "entry \(wanted) should stand here") }
        if hash.description != line.hash { note(.changed, number, "its line hashes to \(hash), noted is \(line.hash)") }
        if let known = expected.removeValue(forKey: number), known != hash {
            note(.checkpoint, number, "a checkpoint says its hash is \(known)")
        }
        guard let json = try? JSON(parsing: line.line), let entry = Entry(json) else {
            note(.malformed, number, "its line is no entry")
            end = ChainEnd(sequence: number, hash: hash, time: end?.time ?? Timestamp(seconds: 0))
            return nil
        }
        compare(entry, with: line)
        for subject in entry.act.subjects { heads[subject] = number }
        end = ChainEnd(sequence: number, hash: hash, time: entry.time)
        return entry
    }

    /// Looks at what can only be known at the end.
    mutating func finish() {
        for (number, hash) in expected.sorted(by: { $0.key < $1.key }) {
            note(.checkpoint, number, "a checkpoint knows it, with the hash \(hash), but it is missing")
        }
    }

    private mutating func compare(_ entry: Entry, with line: StoredLine) {
        let number = line.sequence
        if entry.json.canonicalBytes != line.line { note(.malformed, number, "its line is not in canonical form") }
        if entry.sequence != number { note(.gap, number, "its line says it is entry \(entry.sequence)") }
        if entry.previous != end?.hash {
            let named = entry.previous?.description ?? "none"
            note(
                .brokenChain, number,
                "the entry before hashes to \(end?.hash.description ?? "nothing"), it names \(named)")
        }
        if entry.time != max(end?.time ?? entry.clock, entry.clock) {
            note(.time, number, "its time \(entry.time) is neither its clock's nor that of the entry before")
        }
    }

    private mutating func note(_ kind: LedgerFinding.Kind, _ entry: Int64, _ explanation: String) {
        findings.append(LedgerFinding(kind, entry: entry, explanation))
    }
}
