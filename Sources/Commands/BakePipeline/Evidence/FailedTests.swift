import BakeModel
import EnvironmentPromotion

extension BakeStore {
    /// The tests that an image fails, also those that passed since by nobody's word that counts where builders' alone does.
    public func failedTests(of image: Digest) throws -> [FailedTest] { try failedTests(of: [image])[image] ?? [] }

    /// The tests that images fail, by image.
    public func failedTests(of images: Set<Digest>) throws -> [Digest: [FailedTest]] {
        try promotion.failedTests(of: images, by: BuilderSearch(store: self).proofs)
    }

    /// The tests that keep an image out of the environment of a slot, or would.
    public func failedTests(of image: Digest, in slot: Slot) throws -> [FailedTest] {
        let policy = try promotion.policy()
        return try failedTests(of: image).filter { $0.stands(in: slot.environment, by: policy) }
    }
}
