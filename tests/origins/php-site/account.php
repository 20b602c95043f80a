<?php echo 'personal:account';
