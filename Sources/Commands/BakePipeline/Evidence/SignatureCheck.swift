import Attestation
import BakeModel
import Signing

/// Every statement that the ledger names, against the keys that may sign: whoever can write to the store can append entries,
/// and cannot sign them.
struct SignatureCheck {
    private let store: BakeStore
    private let trusted: [VerifyingKey]
    private let reading: StatementReading
    private(set) var findings: [StoreVerification.Finding] = []
    /// How many signatures hold.
    private(set) var signatures = 0
    /// How many moves nobody signed, and nobody needs to: those that the policy makes by itself behind every bake.
    private(set) var automatic = 0
    /// How many later statements keys signed that are not trusted: whoever can write to the store can add such, and they prove
    /// nothing.
    private(set) var strangers = 0
    /// How many moves that people made came before the first key of the store.
    private(set) var keyless = 0
    private let published: [(key: VerifyingKey, entry: Int64)]
    /// The entry of the store's first key; signatures are asked for behind it.
    private let begun: Int64
    /// The moves that no trusted key signed so far, and whether the policy makes them by itself.
    private var moves: [Int64: Bool] = [:]

    init(store: BakeStore, trusted: [VerifyingKey]) throws {
        self.store = store
        self.trusted = trusted
        reading = StatementReading(store: store)
        published = try store.attestations.keys()
        begun = published.map(\.entry).min() ?? .max
    }

    /// Looks at the next entry.
    /// - Parameter replay: the slots as they were before it.
    mutating func take(_ entry: Entry, behind replay: SlotReplay) throws {
        let all = try SlotMove.all(of: entry)
        if !all.isEmpty {
            let isOrdered = all.allSatisfy { replay.isOrdered($0, entry) }
            if entry.sequence > begun { moves[entry.sequence] = isOrdered }
            if entry.sequence < begun, !isOrdered { keyless += 1 }
        }
        if let signed = try check(entry) { moves[signed] = nil }
    }

    /// Looks at what can only be known at the end.
    mutating func finish() {
        automatic = moves.values.count(where: \.self)
        for (move, isOrdered) in moves.sorted(by: { $0.key < $1.key }) where !isOrdered {
            note("unsigned", move, "no trusted key signed this move")
        }
        let isTrusted = published.contains { key, _ in trusted.contains { $0.id == key.id } }
        if !isTrusted, !moves.isEmpty || keyless > 0 {
            note("unsigned", nil, "it has moves, and no key that is trusted ever signed in it")
        }
    }

    /// Checks what an entry states.
    /// - Returns: the move that it signs, where a trusted key did.
    private mutating func check(_ entry: Entry) throws -> Int64? {
        if let record = try GenerationRecord(entry) {
            for facts in record.statements where facts.key != nil { _ = check(facts, record.image, entry) }
        }
        if let (finding, image) = try SignedFinding.of(entry) { check(finding, image, entry) }
        guard let attestation = try Attestation(entry) else { return nil }
        var signed: Int64?
        let known = attestation.statements.filter(isOfTrustedKey)
        strangers += attestation.statements.count - known.count
        for facts in known where facts.kind != .checkpoint {
            let isGood = check(facts, attestation.image, entry)
            if isGood, facts.kind == .vsa, let move = attestation.entry, isAbout(move, facts, entry) { signed = move }
        }
        for facts in known where facts.kind == .checkpoint { checkNote(facts, entry) }
        return signed
    }

    /// Whoever can write to the store can say what they found, signed by a key of theirs: it proves nothing.
    private mutating func check(_ finding: SignedFinding, _ image: Digest, _ entry: Entry) {
        if isOfTrustedKey(finding.statement) {
            _ = check(finding.statement, image, entry)
        } else {
            strangers += 1
        }
    }

    private func isOfTrustedKey(_ facts: StatementFacts) -> Bool { trusted.contains { $0.id == facts.key } }

    private mutating func check(_ facts: StatementFacts, _ image: Digest, _ entry: Entry) -> Bool {
        do {
            guard let envelope = try reading.envelope(facts), envelope.signer(among: trusted) != nil else {
                return refuse(facts, entry)
            }
            guard try reading.statement(facts).subject.digest == image else {
                note("signature", entry.sequence, "its \(facts.kind.rawValue) is about another image")
                return false
            }
            signatures += 1
            return true
        } catch {
            unreadable(facts, entry, error)
            return false
        }
    }

    private mutating func checkNote(_ facts: StatementFacts, _ entry: Entry) {
        do {
            let text = String(decoding: try reading.document(facts, isWhole: true), as: UTF8.self)
            guard SignedNote(text)?.signer(among: trusted) != nil else {
                _ = refuse(facts, entry)
                return
            }
            signatures += 1
        } catch { unreadable(facts, entry, error) }
    }

    /// Whether a summary has the very entry that it is said to be about.
    private mutating func isAbout(_ move: Int64, _ facts: StatementFacts, _ entry: Entry) -> Bool {
        let line = try? reading.statement(facts).predicate["urn:bake:entry"]?.canonicalBytes
        if let line, line == (try? store.ledger.entries(from: move, limit: 1))?.first?.json.canonicalBytes {
            return true
        }
        note("signature", entry.sequence, "what is signed about entry \(move) is not what that entry says")
        return false
    }

    private mutating func refuse(_ facts: StatementFacts, _ entry: Entry) -> Bool {
        let key = facts.key.map { " \($0.prefix(12))" } ?? ""
        note(
            "signature", entry.sequence,
            "its \(facts.kind.rawValue) is signed by no trusted key; the record names\(key)")
        return false
    }

    private mutating func unreadable(_ facts: StatementFacts, _ entry: Entry, _ error: any Error) {
        let reason = (error as? any ExplainedError)?.reason ?? "\(error)"
        note("signature", entry.sequence, "its \(facts.kind.rawValue) cannot be read: \(reason)")
    }

    private mutating func note(_ kind: String, _ entry: Int64?, _ explanation: String) {
        findings.append(StoreVerification.Finding(entry: entry, kind: kind, explanation: explanation))
    }
}
