import BakeModel
import LayerBuild
import SpecRun
import StageEngine

/// What a node of a bake makes.
enum BakeProduct: StageValue {
    case stage(BuiltStage)
    case image(Image)
    case verdict(Verdict)

    var json: JSON {
        switch self {
        case .stage(let stage): ["stage": stage.json]
        case .image(let image): ["image": image.json]
        case .verdict(let verdict): ["verdict": verdict.json]
        }
    }

    init?(_ json: JSON) {
        if let stage = json["stage"].flatMap(BuiltStage.init) {
            self = .stage(stage)
        } else if let image = json["image"].flatMap(Image.init) {
            self = .image(image)
        } else if let verdict = json["verdict"].flatMap(Verdict.init) {
            self = .verdict(verdict)
        } else {
            return nil
        }
    }

    /// Every blob that must be in the store for this to hold.
    var blobs: [Digest] {
        switch self {
        case .stage(let stage): stage.blobs
        case .image(let image): image.blobs
        case .verdict: []
        }
    }

    var stage: BuiltStage? { if case .stage(let stage) = self { stage } else { nil } }
    var image: Image? { if case .image(let image) = self { image } else { nil } }
    var verdict: Verdict? { if case .verdict(let verdict) = self { verdict } else { nil } }
}
