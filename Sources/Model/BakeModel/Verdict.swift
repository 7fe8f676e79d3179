/// What the checks of a spec found about one image.
public struct Verdict: Hashable, Sendable {
    /// Every property that was checked, in the spec's order.
    public let checks: [Check]
    /// The last lines that the image's own process wrote, where something asked of it was not as expected.
    public let output: String?
    /// The manifests of the images that were booted beside the one that is judged, by the references that name them.
    public let images: [String: Digest]
    /// What the image was lent by whoever tested it, as people are told: without that the verdict may be another.
    public let lent: [String]

    /// Describes a verdict.
    public init(checks: [Check], output: String? = nil, images: [String: Digest] = [:], lent: [String] = []) {
        self.checks = checks
        self.output = output
        self.images = images
        self.lent = lent
    }

    /// The same verdict, which other images and whoever tested had a part in.
    public func beside(_ images: [String: Digest], lent: [String]) -> Verdict {
        Verdict(checks: checks, output: output, images: images, lent: lent)
    }

    /// How many properties were as expected.
    public var passed: Int { checks.count { $0.outcome == .passed } }
    /// How many were skipped.
    public var skipped: Int { checks.count { if case .skipped = $0.outcome { true } else { false } } }
    /// How many were not as expected, or could not be evaluated.
    public var failed: Int { checks.count - passed - skipped }
    /// Whether nothing failed.
    public var isPass: Bool { failed == 0 }

    /// One property of one resource.
    public struct Check: Hashable, Sendable {
        /// The type of the resource, `file`.
        public let resource: String
        /// Which one, `/etc/nginx/nginx.conf`.
        public var id: String
        /// What about it, `mode`.
        public let property: String
        /// What was found.
        public var outcome: Outcome
        /// How long it took, polling included, in milliseconds.
        public var milliseconds: Int64
        /// What the spec expects, as shown to people; nil where a kind of spec does not say.
        public let expected: String?
        /// The last lines that a command wrote whose end was another than expected; nil for every other check.
        public let wrote: String?
        /// What its author calls it, and notes of it for others; nil where the spec says neither.
        public var title: String?
        public var meta: JSON?

        /// Describes a check.
        public init(
            resource: String, id: String, property: String, outcome: Outcome, milliseconds: Int64,
            expected: String? = nil, wrote: String? = nil
        ) {
            self.resource = resource
            self.id = id
            self.property = property
            self.outcome = outcome
            self.milliseconds = milliseconds
            self.expected = expected ?? outcome.expected
            self.wrote = wrote
        }
    }

    /// How a check ended.
    public enum Outcome: Hashable, Sendable {
        /// As expected.
        case passed
        /// Not as expected: both sides, as shown to people.
        case failed(expected: String, found: String)
        /// Not looked at, and why.
        case skipped(String)
        /// It could not be evaluated, and why; never a pass.
        case error(String)
        /// It was looked at several times and changed its verdict: how often it passed, and what it was else. Never a
        /// pass.
        case flaky(passes: Int, runs: Int, otherwise: String)
    }
}
