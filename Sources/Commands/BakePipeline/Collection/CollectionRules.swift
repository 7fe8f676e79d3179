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

    /// The rules in a plan's document.
    var json: JSON {
        .record([
            "older-than-seconds": .number(age), "window": .number(Int64(window)),
            "max-bytes": most.map { .number(Int64(clamping: $0)) }, "fold": .bool(folds),
        ])
    }

    /// Reads what `json` wrote.
    init?(_ json: JSON) {
        guard let age = json["older-than-seconds"]?.number, (0...Self.longest).contains(age),
            let window = json["window"]?.number.flatMap({ Int(exactly: $0) }), window >= 0,
            json["max-bytes"].map({ $0.size != nil }) ?? true, let folds = json["fold"]?.bool
        else { return nil }
        self.init(age: age, window: window, most: json["max-bytes"]?.size)
        self.folds = folds
    }

    /// As many seconds as can be reckoned with: the years since the year 1, and more.
    private static let longest: Int64 = 1 << 40
}
