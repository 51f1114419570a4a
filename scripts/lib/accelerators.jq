# accelerators: the names that nodes have for what computes, and the labels that say which product it is.

def accelerators: "^(nvidia\\.com/(gpu|mig-.+)|amd\\.com/gpu|gpu\\.intel\\.com/.+|habana\\.ai/gaudi|google\\.com/tpu|aws\\.amazon\\.com/neuron.*|ibm\\.com/(aiu|spyre).*|huawei\\.com/Ascend.*)$";
def product_labels: "nvidia.com/gpu.product", "gpu.nvidia.com/class", "cloud.google.com/gke-accelerator", "amd.com/gpu.product-name";
