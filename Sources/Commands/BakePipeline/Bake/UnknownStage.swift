import BakeModel

extension BakeInputs {
    /// The node that a person names: a stage, or `image` or `spec` where no stage is called so.
    /// - Throws: `UnknownStage` with exit 2.
    public func node(named name: String) throws -> PlanNode.ID {
        if let stage = pipeline.stages.first(where: { $0.name.text == name }) {
            return PlanNode.id(of: .stage(stage.name))
        }
        let others = [PlanNode.Kind.image] + (spec == nil ? [] : [.spec])
        if let other = others.first(where: { PlanNode.id(of: $0) == name }) { return PlanNode.id(of: other) }
        throw UnknownStage(
            name: name, of: "the pipeline \(pipeline.name)", known: pipeline.stages.map(\.name.text), exit: .usage)
    }
}

/// A stage that is not there.
public struct UnknownStage: ExplainedError, Hashable {
    private let name: String
    private let place: String
    private let known: [String]
    public let exit: ExitCode

    /// - Parameters:
    ///   - place: where it was looked for, as words: `build 7`.
    ///   - known: what is there.
    public init(name: String, of place: String, known: [String], exit: ExitCode = .notFound) {
        self.name = name
        self.place = place
        self.known = known
        self.exit = exit
    }

    public var doing: String { "find the stage" }
    public var subject: String { name }
    public var reason: String { "\(place) has \(known.joined(separator: ", "))" }
    public var hint: String? { Spelling.suggestion(for: name, in: known) }
}
