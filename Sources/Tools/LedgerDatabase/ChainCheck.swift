import BakeModel

/// A walk along the chain that believes nothing but the bytes of the lines.
struct ChainCheck {
    private(set) var findings: [LedgerFinding] = []
    /// What the entries make the heads.
    private(set) var heads: [Subject: Int64] = [:]
    private var end: ChainEnd?
    private var expected: [Int64: [LedgerCheckpoint]]
    /// The tree over the lines; nil where no checkpoint asks for its root.
    private var tree: MerkleFrontier?
    /// The last entry that a checkpoint vouches for.
    private var vouched: Int64 = 0
    /// The checkpoints behind the first one that does not fit: each entry names the one before, so that none of them can.
    private var consequences: [Int64] = []
    private var hasStrayed = false

    init(knowing checkpoints: [LedgerCheckpoint]) {
        expected = Dictionary(grouping: checkpoints, by: \.sequence)
        tree = checkpoints.contains { $0.root != nil } ? MerkleFrontier() : nil
    }

    /// Looks at the next line.
    /// - Returns: its entry; nil where it is none.
    mutating func take(_ line: StoredLine) -> Entry? {
        let number = line.sequence
        let hash = Digest.of(line.line)
        let wanted = (end?.sequence ?? 0) + 1
        if number != wanted { note(.gap, number, "entry \(wanted) should stand here") }
        if hash.description != line.hash { note(.changed, number, "its line hashes to \(hash), noted is \(line.hash)") }
        tree?.append(line.line)
        compare(number, hash, with: expected.removeValue(forKey: number) ?? [])
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
        let last = end?.sequence ?? 0
        for number in expected.keys.sorted() where number <= last {
            note(.checkpoint, number, "a checkpoint knows it, but it is missing")
        }
        if let first = consequences.first, let last = consequences.last {
            let more = consequences.count == 1 ? "1 more checkpoint does" : "\(consequences.count) more checkpoints do"
            note(.checkpoint, first, "\(more) not fit, up to entry \(last): each entry names the one before")
        }
        // Every checkpoint behind the end says the same; the latest says the most.
        if let number = expected.keys.max(), number > last {
            note(
                .checkpoint, number, "a checkpoint knows it, and the ledger ends at entry \(last): its end was cut off")
        }
    }

    /// A chain that was written anew hangs together: only what was noted outside tells, and between which entries.
    private mutating func compare(_ number: Int64, _ hash: Digest, with checkpoints: [LedgerCheckpoint]) {
        for checkpoint in checkpoints {
            let isSame = (checkpoint.hash ?? hash) == hash && (checkpoint.root ?? tree?.root) == tree?.root
            if isSame {
                vouched = number
                hasStrayed = false
            } else if hasStrayed {
                consequences.append(number)
            } else if vouched + 1 == number {
                hasStrayed = true
                note(.checkpoint, number, "it is not the entry that a checkpoint knows")
            } else {
                hasStrayed = true
                note(
                    .checkpoint, number,
                    "a checkpoint knows other entries: of \(vouched + 1) to \(number) one at least was changed, put in, taken out or moved"
                )
            }
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
        if entry.time != entry.act.time(clock: entry.clock, after: end?.time) {
            note(.time, number, "its time \(entry.time) is neither its clock's nor that of the entry before")
        }
    }

    private mutating func note(_ kind: LedgerFinding.Kind, _ entry: Int64, _ explanation: String) {
        findings.append(LedgerFinding(kind, entry: entry, explanation))
    }
}
