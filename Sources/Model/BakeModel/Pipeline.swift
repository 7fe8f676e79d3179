/// A pipeline file, read and checked: every name in it exists, and its stages have no cycle.
public struct Pipeline: Hashable, Sendable {
    /// The name under which its generations are counted.
    public let name: PipelineName
    /// The stages, in the file's order.
    public let stages: [Stage]
    /// The stage whose root becomes the image.
    public let image: StageName
    /// What the image must pass; nil where the file asks for nothing.
    public let spec: SpecSource?

    /// Describes a pipeline.
    public init(name: PipelineName, stages: [Stage], image: StageName, spec: SpecSource?) {
        self.name = name
        self.stages = stages
        self.image = image
        self.spec = spec
    }

    /// The values that whoever bakes may set, as they are.
    public var arguments: [String: String] {
        stages.compactMap { $0.run?.arguments }.reduce(into: [:]) { all, some in all.merge(some) { $1 } }
    }

    /// The names of the secrets that its commands read.
    public var secrets: Set<String> { Set(stages.flatMap { $0.run?.secrets ?? [] }) }

    /// The same pipeline with values set by whoever bakes.
    public func setting(_ values: [String: String]) -> Pipeline {
        Pipeline(name: name, stages: stages.map { $0.setting(values) }, image: image, spec: spec)
    }

    /// The stage of that name; nil where there is none.
    public func stage(_ name: StageName) -> Stage? { stages.first { $0.name == name } }
}

/// Where a pipeline's checks stand.
public indirect enum SpecSource: Hashable, Sendable {
    /// A file of the commit, beside the pipeline file: goss's or container-structure-test's vocabulary.
    case file(TreePath)
    /// The checks themselves, as the YAML text that stands in the pipeline file.
    case inline(yaml: String)
    /// Such a file with variables for its template.
    case template(SpecTemplate)
    /// A command that runs in a stage's root, with the image below /image.
    case command(StageCheck)
    /// Several of these.
    case list([SpecSource])

    /// The single sources, in the file's order.
    public var items: [SpecSource] {
        if case .list(let sources) = self { sources.flatMap(\.items) } else { [self] }
    }

    /// The stages whose roots it needs, each once.
    public var stages: [StageName] {
        items.reduce(into: []) { found, item in
            if case .command(let check) = item, !found.contains(check.stage) { found.append(check.stage) }
        }
    }
}

/// A check that runs in a stage's root and looks at the image from outside: a scratch image has no shell of its own.
public struct StageCheck: Hashable, Sendable {
    /// Where the image is mounted, to be read only.
    public static let imageDirectory = "/image"

    /// The stage.
    public let stage: StageName
    /// What the stage's shell runs; exit status 0 passes.
    public let script: String

    /// Describes a check.
    public init(stage: StageName, script: String) {
        self.stage = stage
        self.script = script
    }
}
