import BakeModel
import GitRepository
import StageEngine
import TarArchive

/// A stage with everything that goes into it found: nothing but work is left.
public struct StageRecipe: Sendable {
    /// The stage as written.
    public let stage: Stage
    /// What its root starts from.
    public let base: Base
    /// What is installed on top of that, as the lock pins it; nil for nothing, or where it is the base itself.
    public let packages: LockedPackages?
    /// The `.deb` files of the commit among the packages.
    public let packageFiles: [CommittedFile]
    /// Its rules of `add:`, with their files.
    public let additions: [StageAddition]
    /// What lies in `/work` while its command runs.
    public let inputs: [StageContent]
    /// What its command with network must give; nil without such a command, or where the lock is being written.
    public let pin: LockedFetch?
    /// How hard its layers are compressed: part of the key, because kept results name stored bytes.
    public let compression: Compression

    /// What a root starts from, found.
    public enum Base: Sendable {
        /// Nothing.
        case scratch
        /// The root of another stage.
        case stage(StageName, BuiltStage)
        /// The packages of a Debian suite.
        case debian(LockedPackages)
        /// The image of another pipeline: its generation, and its layers.
        case image(GenerationID, BuiltStage)
        /// A root that somebody else made.
        case imported(FoundImport)
    }

    /// Describes a stage that is ready to be built.
    public init(
        stage: Stage, base: Base, packages: LockedPackages? = nil, packageFiles: [CommittedFile] = [],
        additions: [StageAddition], inputs: [StageContent], pin: LockedFetch? = nil, compression: Compression = .fast
    ) {
        self.stage = stage
        self.base = base
        self.packages = packages
        self.packageFiles = packageFiles
        self.additions = additions
        self.inputs = inputs
        self.pin = pin
        self.compression = compression
    }

    /// The same stage, whose command with network must give what the lock pins.
    public func pinned(to pin: LockedFetch) -> StageRecipe {
        StageRecipe(
            stage: stage, base: base, packages: packages, packageFiles: packageFiles, additions: additions,
            inputs: inputs, pin: pin, compression: compression)
    }

    /// Grows whenever the same inputs would give other bytes.
    private static let format = "1"

    /// Everything that goes into the stage.
    public func key() throws -> StageKey {
        StageKey(
            try inputs {
                try $0.keyInputs()
            } content: {
                try $0.keyInputs()
            }.deduplicated())
    }

    /// The same without looking for the files of the commit: what decides the key. Nil where only the key itself tells.
    public func shorthand() throws -> StageKey? {
        let isNamed =
            try additions.allSatisfy { try $0.shortInputs() != nil }
            && self.inputs.allSatisfy { try $0.shortInputs() != nil }
        guard isNamed else { return nil }
        return StageKey(
            try inputs {
                try $0.shortInputs() ?? []
            } content: {
                try $0.shortInputs() ?? []
            })
    }

    private typealias Inputs = [(name: String, value: String)]

    /// - Parameters:
    ///   - addition: what a rule of `add:` says of its files.
    ///   - content: the same of an input of the command.
    private func inputs(
        _ addition: (StageAddition) throws -> Inputs, content: (StageContent) throws -> Inputs
    ) throws -> [StageKey.Input] {
        var inputs: [StageKey.Input] = [
            .init("bake's layer format", Self.format), .init("encoder", compression.builtEncoder.description),
        ]
        inputs += baseInputs
        if let packages { inputs += Self.inputs(of: packages) }
        inputs += additions.enumerated().map { index, addition in
            .init(addition.title, addition.rule.keyText + " at \(index)")
        }
        inputs += try additions.flatMap(addition).map { .init($0.name, $0.value) }
        inputs += stage.users.map { .init("user \($0.name)", $0.keyText) }
        inputs += try runInputs(content)
        if let pin { inputs.append(.init("locked output", pin.output.diffID.description)) }
        if !stage.remove.isEmpty { inputs.append(.init("remove", stage.remove.joined(separator: "\n"))) }
        inputs.append(.init("config", stage.configuration.json.canonical))
        return inputs
    }

    /// Whether it has a command with network whose output nothing pins.
    public var isOpen: Bool { stage.run?.network == .machine && pin == nil }

    /// The digest of what a command with network is asked: what the lock pins its output for.
    public func asked() throws -> Digest { StageKey(try runInputs { try $0.keyInputs() }.deduplicated()).digest }

    private func runInputs(_ content: (StageContent) throws -> Inputs) throws -> [StageKey.Input] {
        guard let run = stage.run else { return [] }
        var inputs: [StageKey.Input] = [run.command.keyInput]
        inputs.append(.init("output", run.output.map(\.path.description).joined(separator: "\n")))
        inputs += run.environment.map { .init("env \($0.prefix { $0 != "=" })", $0) }
        if let user = run.user { inputs.append(.init("user of run", user)) }
        inputs += run.arguments.sorted { $0.key < $1.key }.map { .init("argument \($0.key)", $0.value) }
        inputs += run.secrets.map { .init("secret \($0)", "") }
        inputs += self.inputs.map { .init("input \($0.text)", "") }
        inputs += try self.inputs.flatMap(content).map { .init($0.name, $0.value) }
        return inputs
    }

    private static func inputs(of locked: LockedPackages) -> [StageKey.Input] {
        [.init("debian", "\(locked.suite) \(locked.architecture)")]
            + [.init("list of packages", locked.asked.joined(separator: " "))]
            + locked.closure.map { .init("package \($0.name)", "\($0.version) \($0.digest)") }
    }

    private var baseInputs: [StageKey.Input] {
        switch base {
        case .scratch: [.init("root", "scratch")]
        case .stage(let name, let built): [.init(name.text, built.rootIdentity)]
        case .image(let id, let built): [.init(id.pipeline.text, "\(id) \(built.rootIdentity)")]
        case .debian(let locked): Self.inputs(of: locked)
        case .imported(let found): found.keyInputs
        }
    }
}

extension RunStep.Command {
    fileprivate var keyInput: StageKey.Input {
        switch self {
        case .shell(let text): .init("run", text)
        case .words(let words): .init("run as words", JSON.array(words.map(JSON.string)).canonical)
        }
    }
}

extension UserRule {
    fileprivate var keyText: String {
        let numbers = [user, group].map { $0.map(String.init) ?? "free" }.joined(separator: ":")
        return "\(numbers) \(groups.joined(separator: ",")) \(home.map { "/\($0)" } ?? "-") \(shell)"
    }
}

extension AddRule {
    /// Everything about the rule but its files.
    fileprivate var keyText: String {
        let mode = mode.map { String($0, radix: 8) } ?? "kept"
        return "/\(destination)\(intoDirectory ? "/" : "") mode \(mode) owner \(owner)"
    }
}

extension [StageKey.Input] {
    /// The first of each name and value: a file that two rules name goes in once.
    fileprivate func deduplicated() -> [StageKey.Input] {
        var seen: Set<StageKey.Input> = []
        return filter { seen.insert($0).inserted }
    }
}
