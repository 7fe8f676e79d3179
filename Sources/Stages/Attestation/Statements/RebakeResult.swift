import BakeModel

/// Whether an image came out the same when it was baked again: in-toto attestation framework, `test-result` v0.1.
public struct RebakeResult: Sendable {
    private let rebake: RebakeRecord
    private let place: FindingPlace
    private static let placeKey = "urn:bake:place"

    /// Describes a rebake.
    public init(of rebake: RebakeRecord, at place: FindingPlace) {
        self.rebake = rebake
        self.place = place
    }

    /// The claim about the recorded image.
    public var statement: InTotoStatement {
        let name: JSON = .array([.string("rebake \(rebake.verdict.rawValue)")])
        let isPass = rebake.verdict != .differs
        return InTotoStatement(
            about: (rebake.generation, rebake.image), TestResult.predicateType,
            [
                "result": isPass ? "PASSED" : "FAILED",
                "configuration": [EvidenceName.resource("rebaked", rebake.rebaked)],
                "passedTests": isPass ? name : [], "failedTests": isPass ? [] : name,
                Self.placeKey: EvidenceName.place(place),
            ])
    }

    /// Whether a statement says this very thing.
    public func isTold(by statement: InTotoStatement) -> Bool { statement == self.statement }
}
