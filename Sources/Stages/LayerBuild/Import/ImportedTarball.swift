import BakeModel
import TarArchive

extension StageBuilder {
    /// A tar of a root's files: one layer.
    func tarball(_ found: FoundImport, for stage: StageName, isEntered: Bool) throws -> BuiltStage {
        let archive = try archive(of: found, limits: Self.importLimits)
        return BuiltStage(
            layers: [try canonical(archive, by: "\(stage): import \(found.source)", isEntered: isEntered)], output: nil,
            configuration: ImageConfiguration())
    }
}
