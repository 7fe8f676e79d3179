import BakeModel
import LinuxSystem

extension StageBuilder {
    func debianLayer(_ locked: LockedPackages, log: Descriptor) throws -> Layer { throw LayerFault.noOutput(.root) }
}
