import BakeModel
import LedgerDatabase

/// Reads from one snapshot what gates ask about one image and one slot.
struct SituationReader {
    let transaction: ViewTransaction

    func arrival(of image: Digest, at slot: Slot) throws -> (time: Timestamp, entry: Int64)? {
        try transaction.row(
            SlotQuery.arrival.rawValue, [.text(slot.description), .text(image.description)]
        ).map { row in
            guard let time = Timestamp(try row.text("time")) else { throw EnvironmentPromotion.unreadable }
            return (time, try row.integer("entry"))
        }
    }

    /// Since when an image counts as proved in a slot: since it came there first, but where a rollback took it away, since
    /// it came back.
    func stay(of image: Digest, at slot: Slot) throws -> PromotionSituation.Stay {
        var stay = PromotionSituation.Stay.never
        for row in try transaction.rows(
            SlotQuery.stays.rawValue, [.text(slot.description), .text(image.description)])
        {
            guard let time = Timestamp(try row.text("time")) else { throw EnvironmentPromotion.unreadable }
            if case .since = stay {} else { stay = .since(time, entry: try row.integer("entry")) }
            if let next = row["next"].integer, row["promoted"].integer == 0,
                try row.text("next_image") != image.description
            {
                stay = .rolledBack(entry: next)
            }
        }
        if case .since(let time, let number) = stay { try confirm(image, cameTo: slot, at: time, by: number) }
        return stay
    }

    /// Views are tables that anybody who can write to the store can change: what opens a gate must be what the entry says.
    private func confirm(_ image: Digest, cameTo slot: Slot, at time: Timestamp, by number: Int64) throws {
        let entry = try transaction.entry(number)
        let moved = try SlotMove.all(of: entry).contains { $0.slot == slot && $0.image == image }
        guard moved, try self.time(of: entry) == time else { throw Self.otherEntry(number) }
    }

    /// What a slot is said to hold is what the entry put there.
    func confirm(_ place: SlotState.Place, in slot: Slot) throws {
        let moves = try SlotMove.all(of: try transaction.entry(place.entry))
        guard
            moves.contains(where: {
                $0.slot == slot && $0.to == place.generation && $0.image == place.image && $0.commit == place.commit
            })
        else { throw Self.otherEntry(place.entry) }
    }

    /// What is said of an image is about that image.
    func confirm(_ said: [(image: Digest, entry: Int64)], are image: Digest) throws {
        if let other = said.first(where: { $0.image != image }) { throw Self.otherEntry(other.entry) }
    }

    private static func otherEntry(_ number: Int64) -> LedgerError {
        .damaged(path: "the view slots", detail: "what it says of entry \(number) is not what that entry says")
    }

    func birth(of image: Digest) throws -> (time: Timestamp, entry: Int64)? {
        try transaction.row(SlotQuery.birth.rawValue, [.text(image.description)]).map { row in
            let entry = try transaction.entry(try row.integer("entry"))
            guard try GenerationRecord(entry)?.image == image else { throw Self.otherEntry(entry.sequence) }
            return (try time(of: entry), entry.sequence)
        }
    }

    /// The acts of one kind that a query finds.
    func all<Act: RecordedAct>(
        _ kind: Act.Type, _ query: SlotQuery, _ words: [String]
    ) throws -> [PromotionSituation.Recorded<Act>] {
        try transaction.rows(query.rawValue, words.map(LedgerValue.text)).map { row in
            let entry = try transaction.entry(try row.integer("entry"))
            guard let act = try Act(entry) else { throw EnvironmentPromotion.unreadable }
            return PromotionSituation.Recorded(act: act, entry: entry.sequence, time: try time(of: entry))
        }
    }

    /// When an entry was written, as far as it is known: not after a later correction of a clock that was ahead.
    func time(of entry: Entry) throws -> Timestamp {
        let words = [LedgerValue.integer(entry.sequence)]
        guard let row = try transaction.row(SlotQuery.correction.rawValue, words), let time = row["time"].integer else {
            return entry.time
        }
        let correction = try transaction.entry(try row.integer("entry"))
        let limit = Timestamp(milliseconds: time)
        guard try ClockCorrection(correction) != nil, correction.time == limit else {
            throw Self.otherEntry(correction.sequence)
        }
        return min(entry.time, limit)
    }

    /// What was signed for an image in a slot and is not used up. What says the same of the same person again is no second
    /// signature, also where the first one is used up.
    func approvals(of image: Digest, at slot: Slot) throws -> [PromotionSituation.Recorded<Approval>] {
        let words = [slot.description, image.description]
        let last = try transaction.row(SlotQuery.lastPromotion.rawValue, words.map(LedgerValue.text))
        let used = try last?.integer("entry") ?? 0
        var first: [PromotionSituation.Recorded<Approval>] = []
        for approval in try all(Approval.self, .approvals, words) {
            guard approval.act.slot == slot, approval.act.image == image else { throw Self.otherEntry(approval.entry) }
            if !first.contains(where: { $0.act.signed.repeats(approval.act.signed) }) { first.append(approval) }
        }
        return first.filter { $0.entry > used }
    }
}

extension EnvironmentPromotion {
    /// When an entry was written, as far as it is known: its own time, but not after a later correction of a clock that was
    /// ahead.
    public func time(of entry: Entry) throws -> Timestamp {
        try ledger.read { try SituationReader(transaction: $0).time(of: entry) }
    }

    /// The latest test of an image by a spec, and the entry of the test before it; nil where there was none.
    public func latestTest(by spec: Digest, of image: Digest) throws -> (test: TestRecord, previous: Int64)? {
        let tests = try ledger.read {
            try SituationReader(transaction: $0).all(TestRecord.self, .tests, [image.description])
        }
        guard let index = tests.lastIndex(where: { $0.act.spec == spec }) else { return nil }
        return (tests[index].act, index > 0 ? tests[index - 1].entry : 0)
    }

    /// Where the next test of an image has its place, and what must not move until it is recorded.
    public func placeOfNextTest(of image: Digest) throws -> (place: FindingPlace, heads: [Subject: Int64?]) {
        try ledger.read { try Self.place(behind: .tests, of: image, .image(image), in: $0) }
    }

    /// Where the next rebake of a generation has its place, and what must not move until it is recorded.
    public func placeOfNextRebake(of record: GenerationRecord) throws -> (place: FindingPlace, heads: [Subject: Int64?])
    {
        try ledger.read { try Self.place(behind: .rebakes, of: record.image, .pipeline(record.id.pipeline), in: $0) }
    }

    private static func place(
        behind query: SlotQuery, of image: Digest, _ subject: Subject, in transaction: ViewTransaction
    ) throws -> (place: FindingPlace, heads: [Subject: Int64?]) {
        let last = try transaction.rows(query.rawValue, [.text(image.description)]).last?.integer("entry")
        let place = FindingPlace(store: try store(in: transaction), previous: last ?? 0)
        return (place, [subject: try transaction.head(of: subject)])
    }

    /// The signed tests and rebakes of an image, in their order.
    public func signedFindings(of image: Digest) throws -> [(finding: SignedFinding, entry: Int64)] {
        try ledger.read { transaction in
            try [SlotQuery.tests, .rebakes].flatMap { query in
                try transaction.rows(query.rawValue, [.text(image.description)]).compactMap { row in
                    let entry = try transaction.entry(try row.integer("entry"))
                    return try SignedFinding.of(entry).map { ($0.finding, entry.sequence) }
                }
            }
        }.sorted { $0.1 < $1.1 }
    }
}
