import BakeModel
import BlobStorage
import RootFilesystem

/// A spec that the indexes of an image's layers answer at once: nothing of it asks what runs, and little is to be read.
struct IndexedSpec {
    private let spec: Spec

    /// Each file that is read out of its layer costs the decompression of a member. With more of them a mounted root is
    /// faster where the layers are unpacked already.
    private static let mostFilesRead = 32

    /// Nil for a spec that needs a root.
    init?(_ spec: Spec) {
        var reads = 0
        for part in spec.parts {
            guard let more = Self.filesRead(by: part) else { return nil }
            reads += more
        }
        guard reads <= Self.mostFilesRead else { return nil }
        self.spec = spec
    }

    /// Looks at everything.
    /// - Returns: nil where something was asked that only unpacking tells.
    /// - Throws: why a layer cannot be read. A check that fails, or cannot be evaluated, is part of the verdict.
    func verdict(on layers: [Layer], configuration: ImageConfiguration, in store: BlobStore) throws -> Verdict? {
        let root = LayeredRoot(layers, in: store)
        let asked = SpecSuite(
            spec: spec.gossFile, image: ImageState(root), processes: NoProcesses(), patience: .none
        ).verdict()
        let others = spec.parts.compactMap { part in
            if case .structure(let file) = part { Self.verdict(on: file, root, configuration) } else { nil }
        }
        if root.failure is LayeredTreeError { return nil }
        if let failure = root.failure { throw failure }
        return Verdict(joining: [asked] + others)
    }

    private static func verdict(
        on file: StructureFile, _ root: LayeredRoot, _ configuration: ImageConfiguration
    ) -> Verdict {
        let suite = StructureSuite(file: file, configuration: configuration, processes: NoProcesses())
        return Verdict(checks: suite.checks(in: root))
    }

    /// How many files a part reads about; nil where it asks more than a root file system.
    private static func filesRead(by part: Spec.Part) -> Int? {
        switch part {
        case .goss(let file):
            let asked = file.resources.filter { !$0.isSkipped }
            guard asked.allSatisfy({ !$0.isBehaviour && $0.type != .command && $0.isMatchedInOnePass }) else {
                return nil
            }
            return asked.count { $0.readsFile }
        case .structure(let file): return file.filesRead
        case .command, .boot: return nil
        }
    }
}

extension StructureFile {
    /// How many of the image's files it reads; nil where it asks more than those, or the machine's are among them.
    fileprivate var filesRead: Int? {
        guard commands.isEmpty, options.mounts.isEmpty, !licenses.contains(where: \.asksDebian) else { return nil }
        return contents.count + licenses.reduce(0) { $0 + $1.files.count }
    }
}

extension Resource {
    /// Whether a file must be read that no other question needs.
    fileprivate var readsFile: Bool {
        switch type {
        case .service: true
        case .file: expectations.contains { Self.readingProperties.contains($0.property) }
        default: false
        }
    }

    /// Whether what is read is searched in one pass. It is foreign, and a document made to take long must not keep the
    /// process that asks.
    fileprivate var isMatchedInOnePass: Bool {
        expectations.allSatisfy { expectation in
            ![.contents, .contains, .matches].contains(expectation.property)
                || expectation.matcher?.isOnePass ?? true
        }
    }

    private static let readingProperties: Set<Property> = [.contents, .contains, .md5, .sha256, .sha512]
}

extension Matcher {
    /// Whether the time is linear in what is found.
    fileprivate var isOnePass: Bool {
        switch self {
        case .text, .number, .bool, .equal, .havePrefix, .haveSuffix, .containSubstring, .matchRegexp, .compare,
            .haveLength, .havePatterns:
            true
        case .not(let matcher): matcher.isOnePass
        case .and(let matchers), .or(let matchers): matchers.allSatisfy(\.isOnePass)
        case .haveKey, .containElement, .containElements, .consistOf, .versionConstraint, .gjson, .xml: false
        }
    }
}

/// Processes for a spec that asks for none.
struct NoProcesses: ImageProcesses {
    func run(_ program: RootProgram, timeout: Int64) throws -> CommandOutcome { throw NoProcess() }
    func openRoot() throws -> any WritableRoot { throw NoProcess() }
    func startService() throws -> any ImageService { throw NoProcess() }
}
