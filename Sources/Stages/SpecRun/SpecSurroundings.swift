import BakeModel

/// What a spec needs besides the image that is tested: the roots of stages for its commands, and images that it boots.
public struct SpecSurroundings: Sendable {
    /// An image that is booted beside the one that is tested.
    public struct Image: Sendable {
        /// Its manifest.
        public let digest: Digest
        /// Its root.
        public let root: StageRoot

        /// Describes it.
        public init(digest: Digest, root: StageRoot) {
            self.digest = digest
            self.root = root
        }
    }

    /// The roots of stages.
    public var stages: [StageName: StageRoot]
    /// Why the roots of other stages are not at hand; their checks are skipped for this reason.
    public var absences: [StageName: String]
    /// The images, by the references that name them.
    public var images: [String: Image]

    /// Nothing.
    public static let none = SpecSurroundings()

    /// Describes them.
    public init(
        stages: [StageName: StageRoot] = [:], absences: [StageName: String] = [:], images: [String: Image] = [:]
    ) {
        self.stages = stages
        self.absences = absences
        self.images = images
    }
}
