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
    /// it came back. What came there past the gates counts once a second person has looked at that.
    func stay(of image: Digest, at slot: Slot) throws -> PromotionSituation.Stay {
        guard let first = try arrival(of: image, at: slot)?.entry else { return .never }
        var stay = PromotionSituation.Stay.never
        var held: GenerationID?
        for (move, entry) in try moves(of: slot, from: first, mentioning: [image.description, Self.rollback]) {
            if move.image == image {
                held = move.to
                stay = try self.stay(after: stay, move, entry)
            } else if move.direction == .rollback, let held, move.from == held {
                stay = .rolledBack(entry: entry.sequence)
            }
        }
        return stay
    }

    /// How an image stands once it came.
    private func stay(
        after stay: PromotionSituation.Stay, _ move: SlotMove, _ entry: Entry
    ) throws -> PromotionSituation.Stay {
        if case .since = stay { return stay }
        let time = try time(of: entry)
        if move.brokenGlass != nil, try !isSettled(move, entry) {
            return .unsettled(move.to, time, entry: entry.sequence)
        }
        // What came back is what it was.
        if case .unsettled = stay, move.direction == .rollback { return stay }
        return .since(time, entry: entry.sequence)
    }

    /// How the line of a move says that it is one back: a rollback need not name the image that it takes away.
    private static let rollback = "\"direction\":\"rollback\""

    /// The moves of a slot, in their order: asked of the entries, since views are tables that anybody who can write to the
    /// store can change.
    /// - Parameter texts: only those in whose entries one of them stands; all where there are none.
    private func moves(
        of slot: Slot, from first: Int64, mentioning texts: [String] = []
    ) throws -> [(move: SlotMove, entry: Entry)] {
        let single = try transaction.entries(SlotMove.self, of: .slot(slot), from: first, mentioning: texts)
        return (single.map { ($0, $1) } + (try jointMoves(of: slot, from: first))).sorted {
            $0.1.sequence < $1.1.sequence
        }
    }

    /// A slot's part in moves that several made together.
    private func jointMoves(of slot: Slot, from first: Int64) throws -> [(move: SlotMove, entry: Entry)] {
        try transaction.entries(JointMove.self, of: nil, from: first, mentioning: ["\"\(slot)\""]).compactMap {
            joint, entry in
            joint.moves.first { $0.slot == slot }.map { ($0, entry) }
        }
    }

    /// What a slot is said to hold is what its latest move put there.
    func confirm(_ place: SlotState.Place?, in slot: Slot) throws {
        let single = try transaction.latest(SlotMove.self, of: .slot(slot)).map { ($0.act, $0.entry) }
        let joint = try jointMoves(of: slot, from: place?.entry ?? 1).last
        let latest = [single, joint].compactMap(\.self).max { $0.1.sequence < $1.1.sequence }
        guard latest?.0.to == place?.generation, latest?.0.image == place?.image, latest?.0.commit == place?.commit
        else { throw Self.otherEntry(latest?.1.sequence ?? place?.entry ?? 0) }
    }

    private static func otherEntry(_ number: Int64) -> LedgerError {
        .falseView("the view slots", detail: "what it says of entry \(number) is not what that entry says")
    }

    func birth(of image: Digest) throws -> (time: Timestamp, entry: Int64)? {
        try transaction.row(SlotQuery.birth.rawValue, [.text(image.description)]).map { row in
            let entry = try transaction.entry(try row.integer("entry"))
            guard try GenerationRecord(entry)?.image == image else { throw Self.otherEntry(entry.sequence) }
            return (try time(of: entry), entry.sequence)
        }
    }

    /// What was ever signed for an image in a slot, in its order.
    func everyApproval(of image: Digest, at slot: Slot) throws -> [PromotionSituation.Recorded<Approval>] {
        try transaction.entries(Approval.self, of: .approvals(slot), mentioning: [image.description])
            .map(recorded).filter { $0.act.image == image }
    }

    /// The looks at a promotion past its gates, in their order.
    func reviews(ofGlass move: Int64, in slot: Slot) throws -> [PromotionSituation.Recorded<GlassReview>] {
        try transaction.entries(GlassReview.self, of: .approvals(slot), from: move, mentioning: ["\"entry\":\(move)"])
            .map(recorded).filter { $0.act.move == move }
    }

    /// Every test of an image, in their order.
    func tests(of image: Digest) throws -> [PromotionSituation.Recorded<TestRecord>] {
        try transaction.entries(TestRecord.self, of: .image(image)).map(recorded)
    }

    /// Every rebake of a generation, under whatever number of its pipeline the image has, in their order.
    func rebakes(of record: GenerationRecord) throws -> [PromotionSituation.Recorded<RebakeRecord>] {
        try transaction.entries(
            RebakeRecord.self, of: .pipeline(record.id.pipeline), mentioning: [record.image.description]
        ).map(recorded).filter { $0.act.image == record.image }
    }

    /// Why an image is barred; nil where it is not.
    func rejection(of image: Digest) throws -> PromotionSituation.Recorded<Rejection>? {
        try transaction.entries(Rejection.self, of: .image(image)).first.map(recorded)
    }

    private func recorded<Act>(_ act: Act, _ entry: Entry) throws -> PromotionSituation.Recorded<Act> {
        PromotionSituation.Recorded(act: act, entry: entry.sequence, time: try time(of: entry))
    }

    /// When an entry was written, as far as it is known: not after a later correction of a clock that was ahead.
    func time(of entry: Entry) throws -> Timestamp {
        let corrections = try transaction.entries(ClockCorrection.self, of: .clock, from: entry.sequence + 1)
        return corrections.map(\.entry.time).reduce(entry.time, min)
    }

    /// What was signed for an image in a slot and is not used up: a promotion uses it up. What says the same of the same person
    /// again is no second signature, also where the first one is used up.
    func approvals(of image: Digest, at slot: Slot) throws -> [PromotionSituation.Recorded<Approval>] {
        var first: [PromotionSituation.Recorded<Approval>] = []
        for approval in try everyApproval(of: image, at: slot)
        where !first.contains(where: { $0.act.signed.repeats(approval.act.signed) }) {
            first.append(approval)
        }
        guard let oldest = first.first?.entry else { return [] }
        let used = try moves(of: slot, from: oldest, mentioning: [image.description])
            .last { $0.move.image == image && $0.move.direction == .promote }?.entry.sequence
        return first.filter { $0.entry > used ?? 0 }
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
        let tests = try ledger.read { try SituationReader(transaction: $0).tests(of: image) }
        guard let index = tests.lastIndex(where: { $0.act.spec == spec }) else { return nil }
        return (tests[index].act, index > 0 ? tests[index - 1].entry : 0)
    }

    /// Where the next test of an image has its place, and what must not move until it is recorded.
    public func placeOfNextTest(of image: Digest) throws -> (place: FindingPlace, heads: [Subject: Int64?]) {
        try ledger.read {
            let last = try SituationReader(transaction: $0).tests(of: image).last
            return try Self.place(behind: last?.entry, .image(image), in: $0)
        }
    }

    /// Where the next rebake of a generation has its place, and what must not move until it is recorded.
    public func placeOfNextRebake(of record: GenerationRecord) throws -> (place: FindingPlace, heads: [Subject: Int64?])
    {
        try ledger.read {
            let last = try SituationReader(transaction: $0).rebakes(of: record).last
            return try Self.place(behind: last?.entry, .pipeline(record.id.pipeline), in: $0)
        }
    }

    private static func place(
        behind last: Int64?, _ subject: Subject, in transaction: ViewTransaction
    ) throws -> (place: FindingPlace, heads: [Subject: Int64?]) {
        let place = FindingPlace(store: try store(in: transaction), previous: last ?? 0)
        return (place, [subject: try transaction.head(of: subject)])
    }

    /// The signed tests and rebakes of a generation's image, in their order.
    public func signedFindings(of record: GenerationRecord) throws -> [(finding: SignedFinding, entry: Int64)] {
        let found: [(finding: SignedFinding?, entry: Int64)] = try ledger.read { transaction in
            let reader = SituationReader(transaction: transaction)
            return try reader.tests(of: record.image).map { ($0.act.signed, $0.entry) }
                + reader.rebakes(of: record).map { ($0.act.signed, $0.entry) }
        }
        return found.compactMap { item in item.finding.map { ($0, item.entry) } }.sorted { $0.entry < $1.entry }
    }
}
