import BakeModel
import GenerationLog
import LayerBuild
import SourceCheckout
import SpecRun
import StageEngine

/// The roots of a generation's stages once more, from the cache or built anew: commands of its spec look at the image
/// from there.
public struct TestedStages: Sendable {
    let roots: [StageName: StageRoot]
    /// Why the others are not at hand.
    let absences: [StageName: String]

    private init(roots: [StageName: StageRoot], absences: [StageName: String]) {
        self.roots = roots
        self.absences = absences
    }

    /// None of these are at hand, for one reason.
    public static func none(of stages: [StageName], because reason: String) -> TestedStages {
        TestedStages(roots: [:], absences: Dictionary(stages.map { ($0, reason) }) { first, _ in first })
    }

    /// Finds or builds them, and what they need. One that cannot be had is absent, and is no error.
    /// - Parameters:
    ///   - checkout: the commit that the generation was made from.
    ///   - observe: is told of every node that is built.
    /// - Throws: `BakeCancelled`.
    public init(
        _ stages: [StageName], of record: GenerationRecord, _ checkout: Checkout, in store: BakeStore,
        for request: BakeRequest, observe: @escaping @Sendable (BakeEvent) -> Void
    ) throws {
        do {
            let outcomes = try Self.outcomes(stages, record, checkout, store, request, observe)
            self.init(stages, outcomes)
        } catch {
            self = .none(of: stages, because: Self.text(of: error))
        }
        if request.isCancelled() { throw BakeCancelled() }
    }

    private init(_ stages: [StageName], _ outcomes: [StageOutcome<BakeProduct>]) {
        let failure = outcomes.lazy.compactMap(\.error).first.map(Self.text)
        let built = Dictionary(outcomes.map { ($0.id, $0.value?.stage) }) { $1 }
        var roots: [StageName: StageRoot] = [:]
        var absences: [StageName: String] = [:]
        for stage in stages {
            if let found = built[PlanNode.id(of: .stage(stage))] ?? nil {
                roots[stage] = StageRoot(found)
            } else {
                absences[stage] = failure ?? "the pipeline has no such stage"
            }
        }
        self.init(roots: roots, absences: absences)
    }

    private static func outcomes(
        _ stages: [StageName], _ record: GenerationRecord, _ checkout: Checkout, _ store: BakeStore,
        _ request: BakeRequest, _ observe: @escaping @Sendable (BakeEvent) -> Void
    ) throws -> [StageOutcome<BakeProduct>] {
        let inputs = try BakeInputs(checkout, of: record)
        let graph = try BakeGraph(
            store: store, inputs: inputs, request: request, bases: try BaseImages(recorded: record.bases, in: store),
            monitor: StageMonitor(keepingIn: nil, observe: observe)
        ).graph(of: Set(stages))
        return try StageEngine(store: store, scope: record.id.pipeline, request: request).run(graph) { event in
            if case .settled(let outcome) = event { observe(.settled(BakeOutcome.Node(outcome))) }
        }
    }

    private static func text(of error: any Error) -> String {
        guard let explained = error as? any ExplainedError else { return String(describing: error) }
        return "cannot \(explained.doing) \(explained.subject): \(explained.reason)"
    }
}
