from hexapla.align import Aligner
learning = Aligner()
