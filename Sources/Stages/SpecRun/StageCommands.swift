import BakeModel
import BlobStorage
import RootFilesystem

/// Commands that look at the image from the root of a stage.
struct StageCommands {
    let store: BlobStore
    /// The stages' roots, by name.
    let roots: [String: StageRoot]
    /// Where the image is mounted.
    let image: String
    /// Why the roots of other stages are not at hand, by name.
    let absent: [String: String]
    /// How long each command may take, in milliseconds.
    private static let timeout: Int64 = 300_000

    /// Runs one. It passes with exit status 0; what it wrote tells why it did not.
    func check(_ check: StageCheck) -> Verdict.Check {
        guard let root = roots[check.stage.text] else { return Self.unknown(check, absent[check.stage.text]) }
        let start = ContinuousClock.now
        let outcome: Verdict.Outcome
        do {
            let end = try run(check, in: root)
            outcome = end.ending.succeeded ? .passed : .failed(expected: "exit status 0", found: Self.text(of: end))
        } catch {
            outcome = .error(ResourceCheck.text(of: error))
        }
        return Self.check(check, outcome, (ContinuousClock.now - start).milliseconds)
    }

    /// A check whose stage's root is not at hand. Not an error: it says nothing about the image, and a bake asks again.
    static func unknown(_ check: StageCheck, _ reason: String?) -> Verdict.Check {
        let place = "the root of stage \(check.stage)"
        return Self.check(
            check, .skipped(reason.map { "\(place) is not at hand: \($0)" } ?? "\(place) is not at hand"), 0)
    }

    private func run(_ check: StageCheck, in root: StageRoot) throws -> CommandOutcome {
        let processes = SandboxProcesses(
            layers: try LayerCache(store: store).hold(root.layers), configuration: root.configuration,
            temporary: store.temporary,
            binds: [Sandbox.Bind(image, at: StageCheck.imageDirectory, isReadOnly: true)])
        return try processes.run(.shell(check.script), timeout: Self.timeout)
    }

    private static func check(
        _ check: StageCheck, _ outcome: Verdict.Outcome, _ milliseconds: Int64
    ) -> Verdict.Check {
        Verdict.Check(
            resource: "stage", id: check.stage.text, property: check.script, outcome: outcome,
            milliseconds: milliseconds)
    }

    private static func text(of end: CommandOutcome) -> String {
        let said = end.output + end.errors
        return end.ending.explanation + (said.isEmpty ? "" : ": \(Shown.text(said.suffix(Shown.longest)))")
    }
}
