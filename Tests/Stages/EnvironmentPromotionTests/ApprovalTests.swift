import BakeModel
import EnvironmentPromotion
import LedgerDatabase
import LedgerFixtures
import LinuxSystem
import SSHSignatures
import SigningFixtures
import Testing

/// Signed with real keys of OpenSSH's, verified by ssh-keygen.
@Suite struct ApprovalTests {
    private let bench: SigningBench
    private let keys: [String: SigningBench.Key]
    private let production = Sample.slot("web:production")

    init() throws {
        let bench = try SigningBench()
        self.bench = bench
        keys = try Dictionary(
            uniqueKeysWithValues: ["alice", "bob", "carol", "mallory"].map { ($0, try bench.key($0)) })
    }

    private func line(_ name: String, _ names: String = "", options: String = "") throws -> String {
        "\(name)\(names) \(options) \(try #require(keys[name]).publicHalf)\n"
    }

    private func signers(_ options: String = "") throws -> AllowedSigners {
        try AllowedSigners(
            try line("alice", ",hanako@example.org", options: options) + line("bob", ",uid:1000") + line("carol"))
    }

    /// A store whose production asks for approvals, with two generations.
    private func history(
        need: Int = 1, never: [ApprovalRule.Part] = [], signers: AllowedSigners? = nil, reason: String? = nil
    ) throws -> TemporaryHistory {
        let history = try TemporaryHistory()
        _ = try history.ledger.append(
            [StoreCreation(store: "ours").act], by: Sample.actor, clock: Timestamp(milliseconds: 1))
        try apply(need, never, try signers ?? self.signers(), reason, to: history)
        try history.bake(upTo: 3)
        return history
    }

    private func apply(
        _ need: Int, _ never: [ApprovalRule.Part], _ signers: AllowedSigners, _ reason: String?,
        to history: TemporaryHistory
    ) throws {
        let rule = ApprovalRule(need: need, by: ["alice", "bob"], never: never)
        let environment = EnvironmentPolicy(
            name: production.environment, approve: rule, reason: reason)
        _ = try history.promotion.apply(
            Policy(environments: [environment], signers: signers), for: Sample.request())
    }

    private func request(_ name: String, at milliseconds: Int64 = 1_000) throws -> EnvironmentPromotion.Request {
        EnvironmentPromotion.Request(
            actor: Sample.actor, clock: Timestamp(milliseconds: milliseconds), reason: nil,
            signer: try #require(keys[name]).signer)
    }

    @discardableResult
    private func approve(
        _ number: Int, _ name: String, in history: TemporaryHistory, at milliseconds: Int64 = 1_000,
        authors: [String]? = nil
    ) throws -> EnvironmentPromotion.ApprovalOutcome {
        try history.promotion.approve(
            try record(number, history), in: production, consent: .now, history: commits(by: authors),
            for: try request(name, at: milliseconds))
    }

    /// Commits that these people wrote; of which nobody can tell where nil.
    private func commits(by authors: [String]?) -> CommitHistory {
        CommitHistory(
            isAncestor: { _, _ in nil },
            contributors: { _, commit in
                authors?.map { Contributor(commit: commit, mail: $0, part: .author) }
            })
    }

    private func record(_ number: Int, _ history: TemporaryHistory) throws -> GenerationRecord {
        try #require(try history.generations.find(Sample.generation("web@\(number)"))).record
    }

    private func gate(_ number: Int, _ history: TemporaryHistory) throws -> SlotMove.Gate? {
        do { return try history.promote(number).move.gates.first { $0.name.hasPrefix("approve") } } catch {
            guard case PromotionError.refused(let move) = error else { throw error }
            return move.gates.first { $0.name.hasPrefix("approve") }
        }
    }

    @Test("two of two: counted once each, named with the entries that met it, and the actor is the signer")
    func counted() throws {
        let history = try history(need: 2)
        #expect(try gate(1, history)?.command == "bake approve web@1 production")
        let first = try approve(1, "alice", in: history)
        #expect(try approve(1, "alice", in: history).entry == nil)
        #expect(try gate(1, history)?.explanation == "1/2  alice (signed); needs 1 of bob")
        let second = try approve(1, "bob", in: history)
        let number = try #require(second.entry)
        #expect(try history.ledger.entries(from: number, limit: 1)[0].actor.text == "bob (signed)")
        let met = try #require(try gate(1, history))
        #expect(met.isMet)
        #expect(met.entries == [first.entry, second.entry].compactMap(\.self))
    }

    @Test("an approval is of one image, and is used once")
    func once() throws {
        let history = try history()
        try approve(1, "alice", in: history)
        #expect(try gate(2, history)?.isMet == false)
        try history.promote(1)
        try approve(2, "alice", in: history)
        try history.promote(2)
        try history.rollback()
        // Back to 2 needs another signature: the first was used.
        #expect(throws: PromotionError.self) { try history.promote(2, thaw: true) }
        try approve(2, "alice", in: history, at: 2_000)
        #expect(try history.promote(2, thaw: true, at: 2_000).entry != nil)
    }

    @Test("another policy, a later failed test, a key that is taken away: the signature counts no more")
    func void() throws {
        let policy = try history()
        try approve(1, "alice", in: policy)
        try apply(1, [], try signers(), "CHG", to: policy)
        #expect(try gate(1, policy)?.explanation.contains("the policy changed since") == true)
        // Nor does it come to life again with the policy that it was signed under.
        try apply(1, [], try signers(), nil, to: policy)
        #expect(try gate(1, policy)?.explanation.contains("the policy changed since") == true)
        try approve(1, "alice", in: policy, at: 2_000)
        #expect(try gate(1, policy)?.isMet == true)

        let failed = try history()
        try approve(1, "alice", in: failed)
        let verdict = VerdictFacts(passed: 1, failed: 1, skipped: 0, digest: Sample.digest("verdict"))
        let test = TestRecord(
            image: Sample.digest("image 1"), spec: Sample.digest("late"), name: "late.yaml", verdict: verdict)
        _ = try failed.ledger.append([test.act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        #expect(try gate(1, failed)?.explanation.contains("a test failed since") == true)
        try approve(1, "bob", in: failed)
        // Void is as good as never given: who signed before it can sign again.
        #expect(try approve(1, "alice", in: failed, at: 2_000).entry != nil)
        #expect(try approve(1, "alice", in: failed, at: 3_000).entry == nil)
        // Signed after it, in full knowledge; but the image fails that test still.
        #expect(try gate(1, failed)?.isMet == true)
        let refusal = #expect(throws: PromotionError.self) { try failed.promote(1) }
        #expect(refusal?.reason.hasPrefix("no failed test") == true)
    }

    @Test("an entry that was put into the ledger is no signature")
    func forgedEntry() throws {
        let history = try history()
        let good = try approve(1, "bob", in: history)
        let forged = SignedStatement(
            statement: good.signed.statement, signer: "alice", signature: good.signed.signature)
        _ = try history.ledger.append(
            [try #require(Approval(forged)).act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        try history.promote(1)
        try approve(2, "bob", in: history)
        let other = SignedStatement(
            statement: try history.promotion.statement(
                of: try record(3, history), in: production, for: Sample.request()), signer: "bob",
            signature: good.signed.signature)
        _ = try history.ledger.append(
            [try #require(Approval(other)).act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        #expect(try gate(3, history)?.isMet == false)
        #expect(try gate(3, history)?.explanation.contains("bob's does not count") == true)
    }

    @Test("a stranger, somebody without a say, and an expired key are told at once; nothing is written")
    func strangers() throws {
        let history = try history()
        let latest = try history.ledger.latest()
        #expect(throws: SignatureFault.unknownSigner) { try approve(1, "mallory", in: history) }
        let carol = #expect(throws: StatementError.self) { try approve(1, "carol", in: history) }
        #expect(carol?.reason == "approvals are given by: alice, bob")
        #expect(try history.ledger.latest() == latest)
        let expired = try self.history(signers: try signers("valid-before=\"19690101\""))
        let fault = #expect(throws: SignatureFault.self) { try approve(1, "alice", in: expired) }
        #expect(fault?.exit == .refused)
    }

    @Test("a statement from elsewhere: foreign, changed and re-used ones are refused")
    func elsewhere() throws {
        let history = try history(need: 2)
        let first = try record(1, history)
        let statement = try history.promotion.statement(of: first, in: production, for: Sample.request())
        let alice = try #require(keys["alice"]).signer
        let signature = try alice.sign(statement.json.canonicalBytes, namespace: "approve.bake")
        func take(_ number: Int, _ bytes: [UInt8], _ signature: String) throws {
            _ = try history.promotion.approve(
                try record(number, history), in: production,
                consent: .elsewhere(statement: bytes, signature: signature), history: commits(by: nil),
                for: Sample.request())
        }
        let bytes = statement.json.canonicalBytes
        #expect(throws: StatementError.foreign("another generation, image, verdict or slot")) {
            try take(2, bytes, signature)
        }
        let other = ActStatement(
            action: .approve, store: "theirs", time: statement.time, reason: nil, policy: statement.policy,
            targets: statement.targets
        ).json.canonicalBytes
        #expect(throws: StatementError.foreign("another store")) {
            try take(1, other, try alice.sign(other, namespace: "approve.bake"))
        }
        #expect(throws: SignatureFault.self) {
            try take(1, bytes, try alice.sign(bytes, namespace: "promote.bake"))
        }
        #expect(throws: StatementError.foreign("it is none that bake wrote")) { try take(1, [0x7b], signature) }
        #expect(try gate(1, history)?.explanation.hasPrefix("0/2") == true)
        try take(1, bytes, signature)
        let again = #expect(throws: StatementError.self) { try take(1, bytes, signature) }
        #expect(again?.exit == .refused)
        let armoured = #expect(throws: StatementError.self) { try take(1, bytes, signature + "\n") }
        #expect(armoured?.reason.contains("one signature counts once") == true)
        #expect(try gate(1, history)?.explanation.hasPrefix("1/2  alice") == true)
    }

    @Test("a signature that was used up counts no second time, also where somebody writes it into the ledger again")
    func replayed() throws {
        let history = try history()
        let given = try approve(1, "alice", in: history)
        try history.promote(1)
        try approve(2, "alice", in: history)
        try history.promote(2)
        let copy = SignedStatement(
            statement: given.signed.statement, signer: "alice", signature: given.signed.signature + "\n")
        _ = try history.ledger.append(
            [try #require(Approval(copy)).act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        let error = #expect(throws: PromotionError.self) { try history.promote(1, ancestry: { _, _ in false }) }
        #expect(error?.reason == "approve 1: 0/1; needs 1 of alice, bob")
    }

    @Test("never: who wrote a commit between does not count; a mail address that is nobody's is unmet")
    func authors() throws {
        let history = try history(never: [.author])
        try approve(1, "alice", in: history)
        try approve(1, "bob", in: history)
        let explain = { (mails: [String]?) in
            let error = #expect(throws: PromotionError.self) {
                try history.promote(
                    1,
                    contributors: { _, commit in
                        mails?.map { Contributor(commit: commit, mail: $0, part: .author) }
                    }, change: { $0.isThawing = true })
            }
            return error?.reason ?? ""
        }
        #expect(explain(nil).contains("cannot be told without their repository"))
        #expect(explain(["hanako@example.org", "eve@example.org"]).contains("who eve@example.org is"))
        #expect(explain(["", "eve@example.org"]).contains("who \"\" (author of 0000000), eve@"))
        let outcome = try history.promote(
            1, contributors: { _, commit in [Contributor(commit: commit, mail: "Hanako@example.org", part: .author)] })
        #expect(outcome.move.gates.map(\.explanation) == ["1/1  bob (signed)"])
    }

    @Test("never: of more commits than are read nobody is asked, and the way out is not a clone")
    func tooManyAuthors() throws {
        let history = try history(never: [.author])
        try approve(1, "bob", in: history)
        let error = #expect(throws: PromotionError.self) {
            try history.promote(1, contributors: { _, _ throws(TooManyCommits) in throw TooManyCommits(limit: 7) })
        }
        let reason = error?.reason ?? ""
        #expect(reason.contains("more than 7 commits come at once") && !reason.contains("clone"), "\(reason)")
    }

    @Test("never: the promoter is who signed, else whom the signers say the user is; nobody known is unmet")
    func promoter() throws {
        let history = try history(never: [.promoter])
        try approve(1, "bob", in: history)
        // Sample.actor is uid 1000, and that is bob.
        #expect(try gate(1, history)?.explanation.contains("bob's does not count: they promote") == true)
        let signed = try history.promote(1, for: try request("alice"))
        #expect(signed.move.gates.map(\.isMet) == [true])
        #expect(signed.move.signed?.signer == "alice")
        let number = try #require(signed.entry)
        #expect(try history.ledger.entries(from: number, limit: 1)[0].actor.text == "alice (signed)")
        try approve(2, "alice", in: history)
        let stranger = Actor(claimed: "alice", userID: 4711, userName: "ci", machine: "bench")
        let error = #expect(throws: PromotionError.self) {
            try history.promote(
                2,
                for: EnvironmentPromotion.Request(
                    actor: stranger, clock: Timestamp(milliseconds: 1_000), reason: nil))
        }
        #expect(error?.reason.contains("name uid:4711 in the policy's signers") == true)
    }

    @Test("a clock that went back decides nothing by time")
    func clock() throws {
        let history = try history()
        try approve(1, "alice", in: history, at: 1_000_000)
        let error = #expect(throws: PromotionError.self) { try history.promote(1, at: 500_000) }
        #expect(error?.reason.hasPrefix("clock: it says") == true)
        #expect(try history.promote(1, at: 950_000).entry != nil)
    }

    @Test("past its gates: recorded, open until a second person signs, loud until then")
    func brokenGlass() throws {
        let history = try history(need: 2)
        let outcome = try history.promote(1, change: { $0.brokenGlass = "checkout is down" })
        #expect(outcome.move.brokenGlass == "checkout is down")
        #expect(outcome.move.gates.map(\.isMet) == [false])
        #expect(try history.promotion.openGlass().map(\.entry) == [try #require(outcome.entry)])
        let asked = try history.promotion.approvals(
            of: try record(1, history), in: production, by: "alice",
            history: commits(by: nil), for: Sample.request())
        let entry = try #require(outcome.entry)
        #expect(asked?.gate.explanation.contains("second look at entry \(entry)") == true)
        // uid 1000 is bob, who broke it.
        let own = #expect(throws: StatementError.self) { try approve(1, "bob", in: history) }
        #expect(own?.exit == .refused)
        // Anybody else of the signers may look, also who approves nothing.
        #expect(try approve(1, "carol", in: history).isClosing == true)
        #expect(try history.promotion.openGlass().isEmpty)
    }

    @Test("past its gates: who wrote what came is no second person where the policy bars authors")
    func glassOfAuthors() throws {
        let history = try history(never: [.author])
        let entry = try #require(try history.promote(1, change: { $0.brokenGlass = "checkout is down" }).entry)
        let untold = #expect(throws: StatementError.self) { try approve(1, "alice", in: history) }
        #expect(untold?.reason.contains("without their repository") == true)
        let author = #expect(throws: StatementError.self) {
            try approve(1, "alice", in: history, authors: ["hanako@example.org"])
        }
        #expect(author?.exit == .refused)
        #expect(author?.reason == "they are author of 0000000; a second person looks: carol")
        let unmapped = #expect(throws: StatementError.self) {
            try approve(1, "carol", in: history, authors: ["eve@example.org"])
        }
        #expect(unmapped?.reason.contains("who eve@example.org is") == true)
        #expect(try history.promotion.openGlass().map(\.entry) == [entry])
        #expect(try approve(1, "carol", in: history, authors: ["hanako@example.org"]).isClosing == true)
    }

    @Test("past its gates: also where the policy does not know the environment any more, it is settled")
    func glassOfRemovedEnvironment() throws {
        let history = try history()
        try history.promote(1, change: { $0.brokenGlass = "checkout is down" })
        let later = Policy(
            environments: [EnvironmentPolicy(name: Sample.environment("staging"))], signers: try signers())
        _ = try history.promotion.apply(later, for: Sample.request())
        #expect(throws: PromotionError.self) { try approve(2, "carol", in: history) }
        #expect(try approve(1, "carol", in: history).isClosing == true)
        #expect(try history.promotion.openGlass().isEmpty)
        let standing = try history.promotion.approvals(
            of: try record(1, history), in: production, by: "carol", history: commits(by: nil), for: Sample.request())
        #expect(standing == nil)
    }

    @Test("how approvals stand: an author's is told from one that counts, whoever is going to promote")
    func standing() throws {
        let history = try history(need: 2, never: [.author, .promoter])
        let standing = { (name: String) in
            try #require(
                try history.promotion.approvals(
                    of: try record(1, history), in: production, by: name,
                    history: CommitHistory(
                        isAncestor: { _, _ in true },
                        contributors: { _, commit in
                            [Contributor(commit: commit, mail: "hanako@example.org", part: .author)]
                        }), for: Sample.request()))
        }
        try approve(1, "alice", in: history)
        #expect(try standing("alice").problem == "author of 0000000")
        // Sample.actor is bob; a rule about promoters says nothing before somebody promotes.
        let second = try approve(1, "bob", in: history)
        #expect(try standing("bob").problem == nil)
        #expect(try standing("bob").gate.explanation.hasPrefix("1/2  bob (signed)") == true)
        #expect(try approve(1, "bob", in: history).earlier?.entry == second.entry)
    }

    /// By somebody whom the policy does not know.
    private func breakGlass(in history: TemporaryHistory) throws {
        let stranger = Actor(claimed: nil, userID: 4711, userName: "ci", machine: "bench")
        try history.promote(
            1,
            for: EnvironmentPromotion.Request(actor: stranger, clock: Timestamp(milliseconds: 1_000), reason: nil),
            change: { $0.brokenGlass = "down" })
    }

    @Test("where nobody knows who broke the glass, two people look")
    func unknownBreaker() throws {
        let history = try history(need: 2)
        try breakGlass(in: history)
        #expect(try approve(1, "alice", in: history).isClosing == false)
        #expect(try history.promotion.openGlass().count == 1)
        #expect(try approve(1, "bob", in: history).isClosing == true)
        #expect(try history.promotion.openGlass().isEmpty)
    }

    @Test("where nobody knows who broke the glass, and all but one are barred, the way out is said: name the user")
    func unknownBreakerAmongAuthors() throws {
        let history = try history(never: [.author])
        try breakGlass(in: history)
        // Alice wrote it, and so did Bob.
        let authors = ["hanako@example.org", "uid:1000"]
        let lack = "nobody knows who uid:4711 is, who broke the glass, so that two people look, and only carol may"
        let author = #expect(throws: StatementError.self) { try approve(1, "alice", in: history, authors: authors) }
        #expect(author?.reason == "they are author of 0000000; \(lack)")
        #expect(author?.hint?.hasPrefix("name uid:4711 beside whoever that is in the policy's signers") == true)
        let look = try approve(1, "carol", in: history, authors: authors)
        #expect(look.isClosing == false && look.lack?.explanation == lack)
        // With one author Bob is left, and that is enough.
        #expect(try approve(1, "bob", in: history, authors: ["hanako@example.org"]).lack == nil)
    }

    private func sqlite(_ history: TemporaryHistory, _ statement: String) throws {
        let run = try CompletedProcess.run("/usr/bin/sqlite3", [history.ledger.path, statement], environment: [])
        #expect(run.ending.succeeded, "\(run.lastErrors)")
    }

    @Test("what was signed for another slot opens no gate, whatever slot its entry is said to be about")
    func otherSlot() throws {
        let history = try history()
        let rule = ApprovalRule(need: 1, by: ["alice", "bob"], never: [])
        let places = ["production", "preview"].map { EnvironmentPolicy(name: Sample.environment($0), approve: rule) }
        _ = try history.promotion.apply(Policy(environments: places, signers: try signers()), for: Sample.request())
        let signed = try history.promotion.approve(
            try record(2, history), in: Sample.slot("web:preview"), consent: .now, history: commits(by: nil),
            for: try request("alice")
        ).signed
        #expect(throws: PromotionError.self) { try history.promote(2) }
        let moved = Act(
            kind: Approval.kind, subjects: [.approvals(production)], body: try #require(Approval(signed)).body)
        _ = try history.ledger.append([moved], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        let error = #expect(throws: LedgerError.self) { try history.promote(2) }
        #expect(error?.exit == .damaged)
    }

    @Test(
        "a signature that was used stays used, whatever is taken away from the tables", arguments: ["moves", "stack"])
    func hiddenUse(table: String) throws {
        let history = try history()
        try approve(1, "alice", in: history)
        try history.promote(1)
        try approve(2, "alice", in: history)
        try history.promote(2)
        try history.rollback()
        try sqlite(history, "DELETE FROM slot_\(table) WHERE generation = 'web@2'")
        #expect(throws: PromotionError.self) { try history.promote(2, thaw: true) }
    }

    @Test("after: what came to the environment before past its gates counts once a second person has signed")
    func glassBefore() throws {
        let history = try TemporaryHistory()
        let places = [
            EnvironmentPolicy(name: Sample.environment("staging"), reason: "CHG"),
            EnvironmentPolicy(
                name: production.environment, after: Sample.environment("staging"), soak: TimeSpan("1h")),
        ]
        _ = try history.promotion.apply(Policy(environments: places, signers: try signers()), for: Sample.request())
        try history.bake(upTo: 2)
        let alice = try request("alice")
        let glass = try history.promote(1, to: "staging", for: alice, change: { $0.brokenGlass = "down" })
        let after = { (number: Int) -> SlotMove.Gate? in
            do {
                try history.promote(number, at: 3_700_000)
                return nil
            } catch PromotionError.refused(let move) { return move.gates.first { !$0.isMet } }
        }
        let refused = try #require(try after(1))
        #expect(refused.name == "after staging" && refused.command == "bake approve web@1 staging")
        #expect(refused.explanation.contains("past its gates in entry \(try #require(glass.entry))"), "\(refused)")
        // Nor does it count for having come back to it.
        try history.promote(2, to: "staging", for: Sample.request(reason: "CHG"))
        try history.rollback("staging")
        #expect(try after(1)?.command == "bake approve web@1 staging")
        // Whoever writes an entry has signed nothing.
        let staging = Sample.slot("web:staging")
        let look = try history.promotion.statement(of: try record(1, history), in: staging, for: alice)
        let forged = SignedStatement(statement: look, signer: "bob", signature: "-----BEGIN SSH SIGNATURE-----")
        let review = try #require(GlassReview(forged, isClosing: true))
        _ = try history.ledger.append([review.act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        #expect(try after(1)?.name == "after staging")
    }

    @Test("after: broken glass that was settled opens the next gate, and its time there counts")
    func settledGlassBefore() throws {
        let history = try TemporaryHistory()
        let staging = EnvironmentPolicy(name: Sample.environment("staging"), reason: "CHG")
        let next = EnvironmentPolicy(name: production.environment, after: staging.name, soak: TimeSpan("1h"))
        _ = try history.promotion.apply(
            Policy(environments: [staging, next], signers: try signers()), for: Sample.request())
        try history.bake(upTo: 1)
        try history.promote(
            1, to: "staging", for: try request("alice", at: 10_000), change: { $0.brokenGlass = "down" })
        #expect(throws: PromotionError.self) { try history.promote(1, at: 3_700_000) }
        let look = try history.promotion.approve(
            try record(1, history), in: Sample.slot("web:staging"), consent: .now, history: commits(by: nil),
            for: try request("bob", at: 3_600_000))
        #expect(look.isClosing == true)
        #expect(throws: PromotionError.self, "an hour is not over") { try history.promote(1, at: 3_609_999) }
        #expect(try history.promote(1, at: 3_610_000).entry != nil)
        #expect(try history.promotion.doubtfulPromotions(by: .none) == [])
    }

    @Test("a look at broken glass that nobody signed is none, and keeps nobody from looking")
    func forgedLook() throws {
        let history = try history(need: 2)
        try breakGlass(in: history)
        let carol = try approve(1, "carol", in: history).signed
        for name in ["alice", "bob"] {
            let forged = SignedStatement(statement: carol.statement, signer: name, signature: carol.signature)
            let look = try #require(GlassReview(forged, isClosing: false))
            _ = try history.ledger.append([look.act], by: Sample.actor, clock: Timestamp(milliseconds: 1_000))
        }
        #expect(try approve(1, "carol", in: history).isClosing == false, "she alone looked")
        let bob = try approve(1, "bob", in: history)
        #expect(bob.isClosing == true && bob.entry != nil)
    }

    @Test("a correction of the clock that no operator signed moves no time: nothing goes by it")
    func unprovedCorrection() throws {
        let history = try TemporaryHistory()
        try history.bake(upTo: 1)
        let policy = Policy(
            environments: [EnvironmentPolicy(name: production.environment)], operators: ["alice"],
            signers: try signers())
        _ = try history.promotion.apply(policy, for: try request("alice"))
        let forged = ClockCorrection(first: 2, ahead: Timestamp(milliseconds: 1_000), reason: "trust me", signed: nil)
        _ = try history.ledger.append([forged.act], by: Sample.actor, clock: Timestamp(milliseconds: 5))
        for act in [
            { _ = try history.promote(1) }, { _ = try history.promotion.apply(policy, for: try request("alice")) },
        ] {
            let error = #expect(throws: (any Error).self) { try act() } as? any ExplainedError
            #expect(error?.exit == .damaged && error?.doing == "go by the clock of")
            #expect(error?.reason.hasPrefix("no operator signed this correction of the clock") == true)
        }
    }

    @Test("the first policy is signed by an operator it names, every other by one of the policy before")
    func operators() throws {
        let history = try TemporaryHistory()
        let policy = { (operators: [String], names: [String]) in
            Policy(
                environments: names.map { EnvironmentPolicy(name: Sample.environment($0)) }, operators: operators,
                signers: try self.signers())
        }
        let first = try policy(["alice"], ["a"])
        #expect(throws: StatementError.self) { try history.promotion.apply(first, for: Sample.request()) }
        #expect(throws: StatementError.self) { try history.promotion.apply(first, for: try request("bob")) }
        #expect(try history.promotion.apply(first, for: try request("alice")) == 1)
        // Bob may not make himself an operator.
        let second = try policy(["bob"], ["a", "b"])
        #expect(throws: StatementError.self) { try history.promotion.apply(second, for: try request("bob")) }
        let none = try policy([], ["a"])
        #expect(throws: StatementError.self) { try history.promotion.apply(none, for: Sample.request()) }
        #expect(try history.promotion.apply(second, for: try request("alice")) == 2)
        #expect(try history.promotion.apply(none, for: try request("bob")) == 3)
        #expect(try history.promotion.apply(first, for: try request("alice")) == 4)
    }

    @Test("a policy that no operator put in force decides nothing; nor does one that leaves no operator")
    func unprovedPolicy() throws {
        let history = try TemporaryHistory()
        let policy = { (operators: [String], names: [String], options: String) in
            Policy(
                environments: names.map { EnvironmentPolicy(name: Sample.environment($0)) }, operators: operators,
                signers: try self.signers(options))
        }
        try history.bake(upTo: 2)
        let first = try policy(["alice"], ["production"], "")
        _ = try history.promotion.apply(first, for: try request("alice"))
        try history.promote(1)
        let locked = try policy(["alice"], ["production"], "valid-before=\"19690101\"")
        let fault = #expect(throws: StatementError.noOperatorLeft(["alice"])) {
            try history.promotion.apply(locked, for: try request("alice", at: 1_000_000_000))
        }
        #expect(fault?.exit == .usage)
        _ = try history.ledger.append(
            [PolicyApplied(policy: try policy([], ["production"], "")).act], by: Sample.actor,
            clock: Timestamp(milliseconds: 1_000))
        for act in [
            { _ = try history.promote(2) }, { _ = try history.promotion.apply(first, for: try request("alice")) },
        ] {
            let error = #expect(throws: (any Error).self) { try act() } as? any ExplainedError
            #expect(error?.exit == .damaged)
            #expect(error?.reason.hasPrefix("no operator signed this policy") == true)
        }
    }
}
