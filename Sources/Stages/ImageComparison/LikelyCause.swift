import BakeModel

/// Why two builds of the same inputs most likely gave different bytes: what to look for, not a proof.
public enum LikelyCause: String, Hashable, Sendable, CaseIterable {
    /// A time of the clock.
    case time
    /// The machine's name.
    case hostName
    /// The directory in which it was built.
    case buildPath
    /// A language or character set.
    case locale
    /// The same lines in another order.
    case order
    /// A process's number.
    case processNumber
    /// Random bytes, keys or identifiers.
    case random
    /// Nothing that is known.
    case unknown

    /// A sentence for people.
    public var sentence: String {
        switch self {
        case .time: "A time of the clock is in it: use SOURCE_DATE_EPOCH, or leave the time out."
        case .hostName: "The machine's name is in it: give the program a fixed name."
        case .buildPath: "The directory of the build is in it: use relative paths, or -ffile-prefix-map."
        case .locale: "It depends on the language or the character set: set LC_ALL=C.UTF-8."
        case .order: "The same lines stand in another order: sort them, or the files that they come from."
        case .processNumber: "A process's number is in it: use a fixed name instead."
        case .random: "It holds random bytes, a key or an identifier: make it when the program starts, or remove it."
        case .unknown: "The cause is not known: compare the two files."
        }
    }

    /// What is known of two builds.
    public struct Context: Hashable, Sendable {
        /// When each was made, seconds since 1970.
        public var seconds: [Int64]
        /// The machines' names.
        public var hostNames: [String]
        /// The directories in which they were made.
        public var directories: [String]

        /// Describes two builds; what is not known is left out.
        public init(seconds: [Int64] = [], hostNames: [String] = [], directories: [String] = []) {
            self.seconds = seconds
            self.hostNames = hostNames
            self.directories = directories
        }
    }

    /// Judges two contents that differ.
    public init(_ old: [UInt8], _ new: [UInt8], _ context: Context = Context()) {
        let pair = DifferingParts(old, new)
        let checks: [(LikelyCause, () -> Bool)] = [
            (.order, { pair.isReordered }), (.hostName, { pair.anyHolds(context.hostNames) }),
            (.buildPath, { pair.anyHolds(context.directories) }), (.time, { pair.areTimes(near: context.seconds) }),
            (.locale, { pair.areLocales }), (.random, { pair.areRandom }), (.processNumber, { pair.areSmallNumbers }),
        ]
        self = checks.first { $0.1() }?.0 ?? .unknown
    }
}
