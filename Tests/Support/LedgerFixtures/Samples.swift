import BakeModel
import EnvironmentPromotion
import GenerationLog

// A misspelt name should stop the test at once.
// swift-format-ignore: NeverForceUnwrap
/// Records that tests are made of. A number stands for a commit, a word for an image or a spec.
public enum Sample {
    /// The pipeline of all samples.
    public static let web = pipeline("web")
    /// Who does everything.
    public static let actor = Actor(claimed: nil, userID: 1000, userName: "tester", machine: "bench")

    /// A pipeline's name.
    public static func pipeline(_ text: String) -> PipelineName { PipelineName(text)! }
    /// An environment's name.
    public static func environment(_ text: String) -> EnvironmentName { EnvironmentName(text)! }
    /// `web:production`.
    public static func slot(_ text: String) -> Slot { Slot(text)! }
    /// `web@42`.
    public static func generation(_ text: String) -> GenerationID { GenerationID(text)! }
    /// The image, spec or file that a word stands for.
    public static func digest(_ word: String) -> Digest { Digest.of(Array(word.utf8)) }

    /// The commit that a number stands for: its 40 digits end in the number.
    public static func commit(_ number: Int) -> CommitID {
        let digits = String(number)
        return CommitID(String(repeating: "0", count: 40 - digits.count) + digits)!
    }

    /// What is known of that commit.
    public static func facts(_ number: Int) -> CommitFacts {
        CommitFacts(
            id: commit(number), summary: "Change \(number)", author: "Hanako", mail: "hanako@example.org",
            time: Timestamp(seconds: Int64(number)))
    }

    /// A bake of a commit.
    public static func build(
        _ commit: Int, image: String?, of pipeline: PipelineName = web, source: String = "/srv/web.git",
        outcome: BuildRecord.Outcome = .made
    ) -> BuildRecord {
        BuildRecord(
            pipeline: pipeline, commit: facts(commit), source: source, outcome: outcome,
            stages: [.init(name: "app", state: "ran", milliseconds: 12, why: "first bake")],
            image: image.map(digest), verdict: nil, generation: nil)
    }

    /// A bake of a commit that passed.
    public static func passed(
        _ commit: Int, image: String, spec: String? = "spec", of pipeline: PipelineName = web,
        source: String = "/srv/web.git"
    ) -> PassedBuild {
        PassedBuild(
            build: build(commit, image: image, of: pipeline, source: source), spec: spec.map(digest),
            generation: { record($0, commit: commit, image: image, spec: spec, source: source) })
    }

    /// A generation.
    public static func record(
        _ id: GenerationID, commit: Int, image: String, spec: String? = "spec", source: String = "/srv/web.git"
    ) -> GenerationRecord {
        GenerationRecord(
            id: id, image: digest(image), imageSize: 500, evidence: digest("evidence"), evidenceSize: 600,
            commit: facts(commit), source: source, pipelineFile: digest("bake.yaml"), lockFile: nil,
            spec: spec.map(digest), verdict: VerdictFacts(passed: 41, failed: 0, skipped: 0, digest: digest("verdict")),
            builder: ["bake": "test"])
    }

    /// A request at a time, in milliseconds.
    public static func request(
        at milliseconds: Int64 = 1_000, reason: String? = nil, dryRun: Bool = false
    ) -> EnvironmentPromotion.Request {
        EnvironmentPromotion.Request(
            actor: actor, clock: Timestamp(milliseconds: milliseconds), reason: reason, isDryRun: dryRun)
    }
}

extension TemporaryHistory {
    /// Records a bake that passed.
    @discardableResult
    public func bake(_ build: PassedBuild, at milliseconds: Int64 = 1_000) throws -> RecordedBuild {
        try generations.record(build, by: Sample.actor, clock: Timestamp(milliseconds: milliseconds))
    }

    /// Makes generations 1, 2, … of `web`, each from the commit of its number.
    public func bake(upTo count: Int) throws {
        for number in 1...count { try bake(Sample.passed(number, image: "image \(number)")) }
    }

    /// Puts the policy in force that names these environments; `production<staging` comes after `staging`.
    /// - Parameter soak: how long what comes after another must have been there, as in `1h`.
    public func environments(_ words: String..., soak: String? = nil) throws {
        let environments = words.map { word in
            let names = word.split(separator: "<").map { Sample.environment(String($0)) }
            var rules = EnvironmentPolicy(name: names[0], after: names.dropFirst().first)
            if rules.after != nil { rules.soak = soak.flatMap { TimeSpan($0) } }
            return rules
        }
        _ = try promotion.apply(Policy(environments: environments), for: Sample.request())
    }

    /// Promotes a generation of `web`, whose commits follow each other as their numbers do.
    @discardableResult
    public func promote(
        _ number: Int, to environment: String = "production", thaw: Bool = false, at milliseconds: Int64 = 1_000,
        ancestry: @escaping @Sendable (CommitID, CommitID) -> Bool? = { $0 <= $1 },
        contributors: @escaping @Sendable (CommitID?, CommitID) throws(TooManyCommits) -> [Contributor]? = { _, _ in nil
        },
        for request: EnvironmentPromotion.Request? = nil, change: (inout PromotionOrder) -> Void = { _ in }
    ) throws -> EnvironmentPromotion.Outcome {
        guard let found = try generations.find(Sample.generation("web@\(number)")) else { throw MissingGeneration() }
        var order = PromotionOrder([found.record], to: Sample.environment(environment))
        order.isThawing = thaw
        change(&order)
        return try promotion.promote(
            order, history: { _ in CommitHistory(isAncestor: ancestry, contributors: contributors) },
            for: request ?? Sample.request(at: milliseconds))
    }

    /// Rolls `web` back.
    @discardableResult
    public func rollback(
        _ environment: String = "production", to number: Int? = nil, at milliseconds: Int64 = 1_000
    ) throws -> EnvironmentPromotion.Outcome {
        try promotion.rollback(
            Sample.slot("web:\(environment)"), to: number.map { Sample.generation("web@\($0)") },
            for: Sample.request(at: milliseconds))
    }

    /// The numbers in the stack of a slot of `web`, the head first.
    public func stack(_ environment: String = "production") throws -> [Int] {
        try promotion.state(of: Sample.slot("web:\(environment)")).stack.map(\.generation.number.value)
    }
}

/// A test asked for a generation that it did not make.
public struct MissingGeneration: Error {}
