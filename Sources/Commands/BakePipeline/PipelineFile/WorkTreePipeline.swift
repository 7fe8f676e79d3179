import BakeModel
import Glibc
import LinuxSystem
import SourceCheckout
import GitRepository

/// The pipeline file of a work tree as it stands, committed or not: what `bake lock` pins.
public struct WorkTreePipeline: Sendable {
    /// The work tree's directory.
    public let top: String
    /// The pipeline.
    public let pipeline: Pipeline
    /// The lock's path below the top.
    public let lockPath: TreePath
    private static let limit = 1 << 20

    /// Reads a pipeline of the work tree around a directory.
    /// - Parameter choice: which one, by name or path; the only one where nil.
    public init(directory: String, choice: String?, program: HelperProgram) throws {
        let top = try Self.top(of: directory, program: program)
        let locator = try PipelineLocator(paths: try Self.paths(in: top, choice: choice)) { path in
            try DurableFile.read("\(top)/\(path)", limit: Self.limit)
        }
        let location = try locator.locate(choice)
        pipeline = try PipelineFile.read(
            try DurableFile.read("\(top)/\(location.file)", limit: Self.limit), at: location.file)
        try location.confirm(pipeline)
        lockPath = location.lock(of: pipeline.name)
        self.top = top
    }

    /// The top of the work tree around a directory.
    public static func top(of directory: String, program: HelperProgram) throws -> String {
        try GitReader.open(directory, program: program).facts.top
    }

    /// Whether there is a pipeline file in one of the usual places.
    public static func hasPipeline(in top: String) throws -> Bool { try !paths(in: top, choice: nil).isEmpty }

    private static func paths(in top: String, choice: String?) throws -> [TreePath] {
        var names = ["bake.yaml"].filter { access("\(top)/\($0)", R_OK) == 0 }
        if let choice, !choice.hasPrefix("/"), access("\(top)/\(choice)", R_OK) == 0 { names.append(choice) }
        let found = DirectoryListing.namesIfThere(in: "\(top)/bake")
        names += found.filter { $0.hasSuffix(".yaml") }.map { "bake/\($0)" }
        return try names.map { try TreePath(cleaning: $0) }
    }
}
