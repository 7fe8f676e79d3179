import BakeModel
import Testing

@Suite struct RecordedActTests {
    private let image = Digest.of([1])

    private func move() throws -> SlotMove {
        SlotMove(
            slot: try #require(Slot("web:production")), direction: .promote, from: GenerationID("web@41"),
            to: try #require(GenerationID("web@42")), image: image,
            commit: try #require(CommitID(String(repeating: "a", count: 40))), policy: Digest.of([2]),
            gates: [SlotMove.Gate(name: "after staging", isMet: true, explanation: "came there", command: "bake")],
            reason: "CHG0000001", isAutomatic: false)
    }

    private func other() throws -> SlotMove {
        SlotMove(
            slot: try #require(Slot("worker:production")), direction: .promote, from: nil,
            to: try #require(GenerationID("worker@1")), image: image, commit: try move().commit, policy: nil, gates: [],
            reason: nil, isAutomatic: false, brokenGlass: "down",
            facts: PromotionFacts(
                store: "s", fromImage: nil, fromCommit: nil, commits: 3, of: try generation(), isClockKept: false,
                program: image))
    }

    private func generation() throws -> GenerationRecord {
        GenerationRecord(
            id: try #require(GenerationID("web@42")), image: image, imageSize: 500, evidence: Digest.of([3]),
            evidenceSize: 600, commit: try facts(), source: "/srv/web.git", pipelineFile: Digest.of([4]),
            lockFile: Digest.of([5]), spec: Digest.of([6]),
            verdict: VerdictFacts(passed: 41, failed: 0, skipped: 2, digest: Digest.of([7])), builder: ["bake": "1"])
    }

    private func build() throws -> BuildRecord {
        BuildRecord(
            pipeline: try #require(PipelineName("web")), commit: try facts(), source: "/srv/web.git", outcome: .made,
            stages: [
                BuildRecord.Stage(name: "app", state: "ran", milliseconds: 12, why: "new"),
                BuildRecord.Stage(
                    name: "site", state: "failed", start: 3, milliseconds: 12, why: "new", key: image,
                    earlierKey: image, output: OutputFacts(digest: image, size: 7)),
            ], image: image,
            verdict: VerdictFacts(passed: 1, failed: 0, skipped: 0, digest: Digest.of([7])),
            generation: GenerationID("web@42"))
    }

    private func facts() throws -> CommitFacts {
        CommitFacts(
            id: try #require(CommitID(String(repeating: "a", count: 40))), summary: "Fix é", author: "Hanako",
            mail: "hanako@example.org", time: Timestamp(seconds: 1))
    }

    private func rebake() throws -> RebakeRecord {
        RebakeRecord(
            generation: try #require(GenerationID("web@42")), image: image, rebaked: Digest.of([8]),
            verdict: .sameContent, builder: ["bake": "1"])
    }

    @Test("what is written can be read")
    func roundTrip() throws {
        func holds<Record: RecordedAct>(_ record: Record) throws {
            #expect(Record(body: try JSON(parsing: record.body.canonicalBytes)) == record)
        }
        try holds(try move())
        try holds(try generation())
        try holds(try build())
        try holds(try rebake())
        try holds(SlotFreeze(slot: try #require(Slot("web:production")), isFrozen: true, reason: "sale"))
        try holds(PolicyApplied(policy: Policy(environments: [])))
        try holds(SlotFreeze(.all, isFrozen: true, until: Timestamp(seconds: 2), reason: nil))
        try holds(Rejection(image: image, generation: try move().to, reason: "leaks", signed: nil))
        try holds(try #require(JointMove([try move(), try other()])))
        try holds(StoreCreation(store: "0123456789abcdef0123456789abcdef"))
    }

    @Test("a collection concerns its images and pipelines and no slot; one of before says which slots it concerned")
    func collection() throws {
        let generation = try #require(GenerationID("web@42"))
        let collection = ImageCollection(generations: [generation], images: [image])
        #expect(collection.subjects == [.pipeline(generation.pipeline), .image(image)])
        #expect(ImageCollection(body: try JSON(parsing: collection.body.canonicalBytes)) == collection)
        let before: JSON = ["generations": ["web@42"], "slots": ["web:production"]]
        let slot = try #require(Slot("web:production"))
        #expect(ImageCollection(body: before)?.subjects == [.pipeline(generation.pipeline), .slot(slot)])
        #expect(ImageCollection(body: before)?.body == before)
    }

    @Test("a member that may be absent is never misread as absent")
    func damagedMembers() throws {
        func isStrict<Record: RecordedAct>(_ record: Record, optional: Set<String>) throws {
            let members = try #require(record.body.members)
            #expect(optional.isSubset(of: members.keys))
            for name in members.keys {
                var damaged = members
                damaged[name] = .number(-1)
                #expect(Record(body: .object(damaged)) == nil, "\(Record.kind): \(name) is damaged")
                damaged[name] = nil
                let isRead = Record(body: .object(damaged)) != nil
                #expect(isRead == optional.contains(name), "\(Record.kind): \(name) is absent")
            }
        }
        try isStrict(try move(), optional: ["from", "policy", "reason"])
        try isStrict(try generation(), optional: ["lock-file", "spec", "verdict"])
        try isStrict(try build(), optional: ["image", "verdict", "generation"])
        try isStrict(try rebake(), optional: [])
        try isStrict(
            SlotFreeze(slot: try #require(Slot("web:production")), isFrozen: true, reason: "sale"),
            optional: ["reason"])
        try isStrict(PolicyApplied(policy: Policy(environments: [])), optional: [])
    }

    @Test("a slot holds generations of its own pipeline only")
    func foreignPipeline() throws {
        var members = try #require(try move().body.members)
        members["to"] = "worker@42"
        #expect(SlotMove(body: .object(members)) == nil)
    }

    @Test("an entry of another kind is not looked at; a damaged one names itself")
    func kinds() throws {
        let actor = Actor(claimed: nil, userID: 0, userName: "root", machine: "bench")
        let entry = { (kind: String) in
            Entry(
                sequence: 7, previous: nil, time: Timestamp(seconds: 1), clock: Timestamp(seconds: 1), actor: actor,
                act: Act(kind: kind, subjects: [.store], body: [:]))
        }
        #expect(try SlotMove(entry("note")) == nil)
        let fault = #expect(throws: DamagedEntry.self) { try SlotMove(entry("move")) }
        #expect(fault?.subject == "entry 7")
        #expect(fault?.exit == .damaged)
    }
}
