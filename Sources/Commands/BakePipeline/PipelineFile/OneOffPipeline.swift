import BakeModel
import GitRepository

/// A pipeline without a repository: packages on top of another pipeline's image. Its file is generated, and committed to a
/// repository in the store, so that its record and a rebake have what every other has.
public struct OneOffPipeline: Hashable, Sendable {
    /// Its name.
    public let name: PipelineName
    /// The image below.
    public let base: GenerationSource
    /// Names of packages.
    public let packages: [String]
    /// `.deb` files of this machine, by absolute path.
    public let files: [String]

    /// Describes a pipeline.
    public init(name: PipelineName, base: GenerationSource, packages: [String], files: [String]) {
        self.name = name
        self.base = base
        self.packages = packages
        self.files = files
    }

    /// The path of its lock.
    var lock: String { "\(name).lock" }

    /// The first line of its commits.
    var summary: String {
        "Install \((packages + files.map(Self.fileName)).joined(separator: ", ")) on \(base)"
    }

    /// The pipeline file: what is recorded. The same words give the same bytes.
    public var text: String {
        let all =
            packages.map { JSON.string($0).canonical } + files.map { JSON.string("./\(Self.fileName($0))").canonical }
        return """
            # Written by 'bake build --from \(base) --install …'.
            name: \(name)
            stages:
              installed:
                from: "\(base)"
                packages: [\(all.joined(separator: ", "))]
            image: installed

            """
    }

    /// What is committed, but for the lock.
    var content: [GeneratedRepository.File] {
        [.init(name: "bake.yaml", content: .text(text))]
            + files.map { .init(name: Self.fileName($0), content: .machine($0)) }
    }

    private static func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
}
