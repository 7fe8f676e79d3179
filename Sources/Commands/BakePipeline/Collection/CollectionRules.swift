import BakeModel

/// What holds for images that nothing else keeps.
public struct CollectionRules: Hashable, Sendable {
    /// What is younger than so many seconds stays.
    public var age: Int64
    /// So many of the images that were promoted last to an environment stay, where its policy does not say how many.
    public var window: Int
    /// The bytes that the store's blobs may have; nil for no limit. Where it would be exceeded, age alone keeps nothing.
    public var most: UInt64?
    /// Whether the layers of images that nothing keeps are kept as the pieces that they share with others, not given up.
    public var folds = false

    /// A week, five, and no limit, unless said otherwise.
    public init(age: Int64 = 7 * 86_400, window: Int = 5, most: UInt64? = nil) {
        self.age = age
        self.window = window
        self.most = most
    }
}
