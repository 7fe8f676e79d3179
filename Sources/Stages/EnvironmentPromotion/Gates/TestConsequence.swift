import BakeModel

/// What a failed test of an image keeps from happening.
public struct TestConsequence: Hashable, Sendable {
    /// The environments that do not take the image until the same spec passes on it.
    public let closed: [EnvironmentName]
    /// Those among them where what was signed for the image before counts no more.
    public let unsigned: [EnvironmentName]
}

extension EnvironmentPromotion {
    /// What follows from a failed test by a spec, by the policy in force.
    public func consequence(ofFailing spec: Digest) throws -> TestConsequence {
        let environments = try policy().environments
        return TestConsequence(
            closed: environments.filter { TestsGate.isAsked(by: $0) || $0.spec?.digest == spec }.map(\.name),
            unsigned: environments.filter { $0.approve != nil }.map(\.name))
    }
}
