import BakeModel

/// Everything that gates ask: the candidate, who asks, and what one snapshot of the ledger says. A value, so that a gate is
/// a pure function of it.
struct PromotionSituation: Sendable {
    /// An entry that says something of the candidate.
    struct Recorded<Act: Hashable & Sendable>: Hashable, Sendable {
        let act: Act
        let entry: Int64
        let time: Timestamp
    }

    /// How an image stood in a slot.
    enum Stay: Hashable, Sendable {
        /// It never was there.
        case never
        /// It came there then, and no rollback took it away.
        case since(Timestamp, entry: Int64)
        /// It came there then past the gates, under that number, and no second person has looked at that.
        case unsettled(GenerationID, Timestamp, entry: Int64)
        /// A rollback took it away, and it did not come back.
        case rolledBack(entry: Int64)
    }

    /// A signed approval, and why it does not count where it does not.
    struct CheckedApproval: Hashable, Sendable {
        let approval: Recorded<Approval>
        let problem: String?
    }

    /// Tests that passed and rebakes that were the same, by the word of somebody who is no builder.
    struct Unproved: Sendable {
        var tests: [Recorded<TestRecord>] = []
        var rebakes: [Recorded<RebakeRecord>] = []
    }

    let generation: GenerationRecord
    let state: SlotState
    /// Whether a rollback of the slot would reach it.
    let isBelow: Bool
    let rules: EnvironmentPolicy
    let policy: Policy
    let store: String
    let actor: Actor
    let reason: String?
    let isThawing: Bool
    /// What the machine's clock says.
    let clock: Timestamp
    /// The present for everything that is judged.
    let now: Timestamp
    /// How the image stood in the environment that must come before.
    let stay: Stay
    /// When the image came to be.
    let birth: (time: Timestamp, entry: Int64)?
    let rejection: Recorded<Rejection>?
    let tests: [Recorded<TestRecord>]
    let rebakes: [Recorded<RebakeRecord>]
    /// What does not count since no builder signed it.
    let unproved: Unproved
    let approvals: [CheckedApproval]
    /// The entry that brought this very generation to the slot past its gates, where no second person has looked at it.
    let openGlass: Int64?
    /// Who signed how it was made.
    let provenance: ProvenanceProof
    /// Who had a part in the commits that come.
    let contributors: Contributors

    var slot: Slot { state.slot }

    /// Whether nobody can break the glass before it: a rejected image, a draft where none may come.
    var isBarred: Bool { rejection != nil || generation.id.isDraft && !rules.drafts }

    /// The tests that failed and were not passed since, the latest of each spec.
    var failures: [Recorded<TestRecord>] { tests.standingFailures }
}

/// Somebody whom a commit names.
public struct Contributor: Hashable, Sendable {
    /// The commit.
    public let commit: CommitID
    /// The author's or committer's mail address: a claim of the commit's.
    public let mail: String
    /// Their part in it.
    public let part: ApprovalRule.Part

    /// Describes a contributor.
    public init(commit: CommitID, mail: String, part: ApprovalRule.Part) {
        self.commit = commit
        self.mail = mail
        self.part = part
    }
}

/// What the repository of a generation tells.
public struct CommitHistory: Sendable {
    /// Whether the first commit is one that the second follows; nil where the repository cannot tell.
    public let isAncestor: @Sendable (_ ancestor: CommitID, _ commit: CommitID) -> Bool?
    /// Who had a part in the commits that lead from the first to the second, or in all that lead there; nil where the
    /// repository cannot tell.
    public let contributors: @Sendable (_ from: CommitID?, _ to: CommitID) throws(TooManyCommits) -> [Contributor]?

    /// Describes a history.
    public init(
        isAncestor: @escaping @Sendable (CommitID, CommitID) -> Bool?,
        contributors: @escaping @Sendable (CommitID?, CommitID) throws(TooManyCommits) -> [Contributor]? = { _, _ in
            nil
        }
    ) {
        self.isAncestor = isAncestor
        self.contributors = contributors
    }
}

/// More commits come than anybody is asked about.
public struct TooManyCommits: Error, Hashable {
    /// How many at most.
    public let limit: Int

    /// Says how many.
    public init(limit: Int) { self.limit = limit }
}

/// Those who had a part in the commits that come, as far as a repository tells.
enum Contributors {
    /// These.
    case known([Contributor])
    /// More commits come than are read.
    case tooMany(limit: Int)
    /// No repository at hand tells.
    case untold

    init(_ history: CommitHistory, from: CommitID?, to: CommitID) {
        do throws(TooManyCommits) {
            self = try history.contributors(from, to).map(Contributors.known) ?? .untold
        } catch {
            self = .tooMany(limit: error.limit)
        }
    }

    /// How many commits come; nil where that is not known.
    var commits: Int? {
        guard case .known(let contributors) = self else { return nil }
        return Set(contributors.map(\.commit)).count
    }
}
