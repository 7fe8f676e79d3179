extension BuildRecord {
    /// What became of one node of the plan.
    public struct Stage: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// `cached`, `ran`, `failed` or `skipped`.
        public let state: String
        /// When it began, in milliseconds since the bake did; nil in records of older versions.
        public let start: Int64?
        /// How long it took.
        public let milliseconds: Int64
        /// Why it ran, or why it failed.
        public let why: String
        /// The digest of the list of its inputs, which the cache keeps; nil where it was never found out.
        public let key: Digest?
        /// The digest of the list that it was compared with; nil where it ran for the first time.
        public let earlierKey: Digest?
        /// What its programs printed; nil where they printed nothing.
        public let output: OutputFacts?

        /// Describes what became of a node.
        public init(
            name: String, state: String, start: Int64? = nil, milliseconds: Int64, why: String, key: Digest? = nil,
            earlierKey: Digest? = nil, output: OutputFacts? = nil
        ) {
            self.name = name
            self.state = state
            self.start = start
            self.milliseconds = milliseconds
            self.why = why
            self.key = key
            self.earlierKey = earlierKey
            self.output = output
        }
    }
}

extension BuildRecord.Stage {
    /// The node's members.
    public var json: JSON {
        .record([
            "name": .string(name), "state": .string(state), "start": start.map(JSON.number),
            "milliseconds": .number(milliseconds), "why": .string(why), "key": key.map { .string($0.description) },
            "earlier-key": earlierKey.map { .string($0.description) }, "output": output?.json,
        ])
    }

    init?(_ json: JSON) {
        guard let name = json["name"]?.string, let state = json["state"]?.string,
            let start = json.optional("start", \.number), let milliseconds = json["milliseconds"]?.number,
            let why = json["why"]?.string, let key = json.optional("key", \.namedDigest),
            let earlierKey = json.optional("earlier-key", \.namedDigest),
            let output = json.optional("output", OutputFacts.init)
        else { return nil }
        self.init(
            name: name, state: state, start: start, milliseconds: milliseconds, why: why, key: key,
            earlierKey: earlierKey, output: output)
    }
}

/// What the programs of a stage printed: a blob of bytes as they came.
public struct OutputFacts: Hashable, Sendable {
    /// The blob.
    public let digest: Digest
    /// Its bytes; output beyond the limit is cut in the middle, and the blob says so there.
    public let size: UInt64

    /// Describes an output.
    public init(digest: Digest, size: UInt64) {
        self.digest = digest
        self.size = size
    }

    /// The record's members.
    public var json: JSON { ["digest": .string(digest.description), "size": .number(Int64(clamping: size))] }

    /// Reads what `json` wrote.
    public init?(_ json: JSON) {
        guard let digest = json["digest"]?.namedDigest, let size = json["size"]?.size else { return nil }
        self.init(digest: digest, size: size)
    }
}
