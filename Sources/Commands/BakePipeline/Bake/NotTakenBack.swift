import BakeModel
import EnvironmentPromotion

/// An environment that takes passing bakes by itself had this image before, and does not take it again by itself.
public struct NotTakenBack: ExplainedError, Hashable {
    /// The new number of the image.
    public let generation: GenerationID
    /// When it was there before.
    public let earlier: EarlierStay

    public var doing: String { "promote" }
    public var subject: String { "\(generation) to \(earlier.slot)" }
    public var reason: String {
        let name = earlier.generation == generation ? "" : " as \(earlier.generation)"
        let before = "it had this very image before\(name), entry \(earlier.entry)"
        return "\(before), and takes nothing back by itself:  \(command)"
    }
    public var exit: ExitCode { .refused }

    private var command: String {
        earlier.isBelow
            ? "bake rollback \(earlier.slot) \(earlier.generation)"
            : "bake promote \(generation) \(earlier.slot.environment)"
    }
}
