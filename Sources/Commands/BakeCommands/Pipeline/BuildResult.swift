import BakeModel
import BakePipeline
import EnvironmentPromotion

/// The document that `--result` writes and `bake build --json` prints: `{"schema","store","outcome","exit","generation",
/// "image","commit","stages":[{"name","state","seconds","why"}],"spec":{"passed","failed","skipped","junit"},"entry",
/// "unmet":[…],"rejected":{"entry","reason"},"timings"}`. What is not known is null.
struct BuildResult {
    static let schema = "bake/build/1"
    let json: JSON

    init(_ outcome: BakeOutcome, store: String?, exit: ExitCode, junit: String?) {
        json = [
            "schema": .string(Self.schema), "store": Self.text(store), "outcome": .string(outcome.result.rawValue),
            "exit": .number(Int64(exit.rawValue)), "generation": Self.text(outcome.generation?.id.description),
            "image": Self.text(outcome.image?.manifest.description), "commit": .string(outcome.commit.id.hex),
            "stages": .array(outcome.nodes.map(Self.node)), "spec": Self.spec(outcome, junit),
            "entry": .number(outcome.entry), "unmet": .array(outcome.promotions.flatMap(Self.unmet)),
            "rejected": outcome.rejection.map { ["entry": .number($0.entry), "reason": .string($0.reason)] } ?? .null,
            "timings": TimingsReport(outcome).json,
        ]
    }

    /// The document for an error that came before there was an outcome.
    static func failure(_ error: any ExplainedError, store: String?, commit: CommitID?, nodes: [BakeOutcome.Node])
        -> JSON
    {
        [
            "schema": .string(schema), "store": text(store),
            "outcome": error.exit == .refused ? "refused" : "failed", "exit": .number(Int64(error.exit.rawValue)),
            "generation": .null, "image": .null, "commit": text(commit?.hex),
            "stages": .array(nodes.map(node)), "spec": .null, "entry": .null, "unmet": [],
            "error": .string("cannot \(error.doing) \(error.subject): \(error.reason)"),
        ]
    }

    private static func text(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }

    private static func node(_ node: BakeOutcome.Node) -> JSON {
        [
            "name": .string(node.name), "state": .string(node.state),
            "seconds": .seconds(milliseconds: node.milliseconds), "why": .string(node.why),
        ]
    }

    private static func spec(_ outcome: BakeOutcome, _ junit: String?) -> JSON {
        guard let verdict = outcome.verdict else { return .null }
        return [
            "passed": .number(Int64(verdict.passed)), "failed": .number(Int64(verdict.failed)),
            "skipped": .number(Int64(verdict.skipped)), "junit": text(junit),
        ]
    }

    private static func unmet(_ promotion: BakeOutcome.Promotion) -> [JSON] {
        guard case .failure(let error) = promotion.result else { return [] }
        if case PromotionError.refused(let move)? = error as? PromotionError {
            return move.gates.filter { !$0.isMet }.map(\.json)
        }
        return [
            [
                "name": .string(promotion.environment.text),
                "explanation": .string((error as? any ExplainedError)?.reason ?? String(describing: error)),
            ]
        ]
    }
}
