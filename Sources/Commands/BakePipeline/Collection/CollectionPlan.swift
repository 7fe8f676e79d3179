import BakeModel
import BlobStorage
import GenerationLog

/// What a collection takes away and what it leaves, each with the reason, as a value.
public struct CollectionPlan: Hashable, Sendable {
    /// An image that stays.
    public struct Kept: Hashable, Sendable {
        /// The generation.
        public let generation: GenerationID
        /// Everything that keeps it.
        public let reasons: [String]
    }

    /// An image that goes.
    public struct Dropped: Hashable, Sendable {
        /// The generation.
        public let generation: GenerationID
        /// Why nothing keeps it.
        public let reason: String
        /// The bytes that go with it.
        public let freed: UInt64
        /// The bytes of it that stay, because other things hold them.
        public let shared: UInt64
    }

    /// An image whose layers are kept as pieces from now on.
    public struct Folded: Hashable, Sendable {
        /// The generation.
        public let generation: GenerationID
        /// Why nothing keeps it whole.
        public let reason: String
        /// The layers that are blobs now and no kept image has.
        public let layers: [Digest]
        /// Their bytes.
        public let bytes: UInt64
    }

    /// The images that stay, by generation.
    public let kept: [Kept]
    /// The images whose layers are folded, by generation.
    public let folded: [Folded]
    /// The images that go, by generation.
    public let dropped: [Dropped]
    /// The blobs that go: those of the images, and those that nothing names.
    public let blobs: [Digest]
    /// How many of the blobs nothing names, and their bytes.
    public let loose: (count: Int, bytes: UInt64)
    /// The bytes of all blobs that go.
    public let bytes: UInt64
    /// The bytes of all blobs that stay.
    public let left: UInt64
    /// What held when it was made.
    public let rules: CollectionRules
    /// Whether being young kept anything; not where the blobs would have been too large.
    public let keepsYoung: Bool

    public static func == (left: CollectionPlan, right: CollectionPlan) -> Bool { left.json == right.json }
    public func hash(into hasher: inout Hasher) { hasher.combine(json) }

    /// The schema of the document.
    public static let schema = "bake/gc-plan/1"

    /// The plan as a document, which `bake gc FILE` carries out.
    public var json: JSON {
        [
            "schema": .string(Self.schema), "bytes": .number(Int64(clamping: bytes)),
            "bytes-left": .number(Int64(clamping: left)), "rules": rules.json,
            "keep": .array(
                kept.map {
                    [
                        "generation": .string($0.generation.description),
                        "reasons": .array($0.reasons.map(JSON.string)),
                    ]
                }),
            "drop": .array(
                dropped.map {
                    [
                        "generation": .string($0.generation.description), "reason": .string($0.reason),
                        "bytes": .number(Int64(clamping: $0.freed)),
                        "bytes-shared": .number(Int64(clamping: $0.shared)),
                    ]
                }),
            "fold": .array(
                folded.map {
                    [
                        "generation": .string($0.generation.description), "reason": .string($0.reason),
                        "layers": .array($0.layers.map { .string($0.description) }),
                        "bytes": .number(Int64(clamping: $0.bytes)),
                    ]
                }),
            "loose": ["blobs": .number(Int64(loose.count)), "bytes": .number(Int64(clamping: loose.bytes))],
            "blobs": .array(blobs.map { .string($0.description) }),
        ]
    }
}

/// What a plan file asks for: these and no others.
public struct CollectionOrder: Hashable, Sendable {
    /// The generations whose images go.
    public let generations: [GenerationID]
    /// The blobs that go.
    public let blobs: [Digest]
    /// The layers that are folded.
    public let folding: [Digest]
    /// What held when the plan was made; nil in plans of before.
    public let rules: CollectionRules?

    /// Reads a plan's document.
    /// - Throws: `CollectionFault.notAPlan`.
    public init(parsing bytes: [UInt8], name: String) throws {
        guard let json = try? JSON(parsing: bytes), json["schema"]?.string == CollectionPlan.schema,
            let generations = json["drop"]?.all({ $0["generation"]?.string.flatMap { GenerationID($0) } }),
            let blobs = json["blobs"]?.all({ $0.string.flatMap { Digest($0) } })
        else { throw CollectionFault.notAPlan(name) }
        self.generations = generations
        self.blobs = blobs
        rules = json["rules"].flatMap(CollectionRules.init)
        folding = json["fold"]?.items?.flatMap { $0["layers"]?.all { $0.string.flatMap { Digest($0) } } ?? [] } ?? []
    }
}

/// Why nothing was collected.
public enum CollectionFault: ExplainedError, Hashable {
    /// The file is no plan.
    case notAPlan(String)
    /// Something keeps by now what the plan takes away.
    case outdated(String, [String])
    /// What must stay is more than may be there.
    case tooMuchKept(UInt64, most: UInt64)
    /// What would stay is more than may be there.
    case tooMuchWouldStay(UInt64, most: UInt64)

    public var doing: String {
        switch self {
        case .notAPlan: "read the plan"
        case .outdated: "carry out the plan"
        case .tooMuchKept, .tooMuchWouldStay: "make the store small enough"
        }
    }
    public var subject: String {
        switch self {
        case .notAPlan(let name), .outdated(let name, _): name
        case .tooMuchKept(_, let most), .tooMuchWouldStay(_, let most): "\(most) bytes"
        }
    }
    public var reason: String {
        switch self {
        case .notAPlan: "it is not what 'bake gc --dry-run --json' writes"
        case .outdated(_, let names): "it takes away what is kept by now: \(names.joined(separator: ", "))"
        case .tooMuchKept(let bytes, _):
            "slots, windows, pins, newest images and evidence have \(bytes) bytes; what can go is gone"
        case .tooMuchWouldStay(let bytes, _):
            "slots, windows, pins, newest images and evidence would keep \(bytes) bytes"
        }
    }
    public var hint: String? {
        switch self {
        case .notAPlan, .outdated: "make it anew: bake gc --dry-run --json > FILE"
        case .tooMuchWouldStay: nil
        case .tooMuchKept: "what keeps each image: bake gc --dry-run"
        }
    }
    public var exit: ExitCode {
        switch self {
        case .notAPlan: .usage
        case .outdated: .lostRace
        case .tooMuchKept, .tooMuchWouldStay: .refused
        }
    }
}
